// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ObjectPath;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The object that a verb is about.
final class KeyArguments {
  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket's name")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "The key")
  private String key = "";

  @Option(names = "--type", paramLabel = "TYPE", description = "The bucket's type")
  private String type = "";

  @Option(
      names = "--encoded",
      description = "BUCKET, KEY and TYPE are percent-encoded bytes (%%2F is a slash)")
  private boolean encoded;

  /// The path of the object in a node's HTTP interface.
  String path() {
    return new ObjectPath(bytes(type, encoded), bytes(bucket, encoded)).key(bytes(key, encoded));
  }

  /// `bucket/key`, for people.
  String name() {
    return bucket + "/" + key;
  }

  String bucket() {
    return bucket;
  }

  String key() {
    return key;
  }

  static byte[] bytes(String text, boolean encoded) {
    byte[] bytes = ObjectPath.bytes(text, encoded);
    if (bytes == null) {
      throw CliFailure.usage(
          text.indexOf('\uFFFD') >= 0
              ? "'"
                  + text
                  + "' has characters that this terminal's locale cannot pass: set LC_ALL=C.UTF-8,"
                  + " or use --encoded with percent-encoded bytes"
              : "'" + text + "' is not percent-encoded: write % as %25");
    }
    return bytes;
  }

  /// `text`, which `option` gave and which is to travel in a header.
  static String header(String option, String text) {
    if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw CliFailure.usage(option + " must be printable ASCII, since it travels in a header");
    }
    return text;
  }
}
