// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/// The secret that all nodes of a cluster share: at least 32 random bytes, kept as hexadecimal text
/// in a file that its owner alone may read. Contexts are authenticated and keys hashed under it, so
/// it must never change while the cluster lives. It prints as `(secret)`.
public final class ClusterSecret {
  public static final int BYTES_MIN = 32;
  private static final long FILE_BYTES_MAX = 4096;

  private final byte[] bytes;

  private ClusterSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Writes a new secret to `file`, which must not exist, with mode 0600.
  public static void create(Path file) throws IOException {
    byte[] fresh = new byte[BYTES_MIN];
    new SecureRandom().nextBytes(fresh);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, HexFormat.of().formatHex(fresh) + "\n", StandardCharsets.US_ASCII);
  }

  /// The secret in `file`.
  ///
  /// @throws ConfigRefusal with a sentence for the operator when it cannot be used
  static ClusterSecret read(Path file) throws ConfigRefusal {
    String text;
    try {
      if (!Files.isRegularFile(file)) {
        throw new ConfigRefusal(
            "the secret file "
                + file
                + " does not exist: copy it from another node of the cluster (mode 0600), or make"
                + " one for a new cluster with: (umask 077; openssl rand -hex 32 > "
                + file
                + ")");
      }
      Set<PosixFilePermission> others =
          EnumSet.complementOf(
              EnumSet.of(
                  PosixFilePermission.OWNER_READ,
                  PosixFilePermission.OWNER_WRITE,
                  PosixFilePermission.OWNER_EXECUTE));
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
      others.retainAll(granted);
      if (!others.isEmpty()) {
        throw new ConfigRefusal(
            "the secret file "
                + file
                + " has mode "
                + PosixFilePermissions.toString(granted)
                + " and must be readable by its owner alone: chmod 600 "
                + file);
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ConfigRefusal("the secret file " + file + " is larger than 4096 bytes");
      }
      text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new ConfigRefusal("the secret file " + file + " cannot be read: " + FileTrouble.of(e));
    } catch (UnsupportedOperationException _) {
      throw new ConfigRefusal(
          "the secret file "
              + file
              + " lies on a file system without permissions: move it to one that has them");
    }
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException _) {
      // Its message would quote the secret.
      throw new ConfigRefusal("the secret file " + file + " must hold hexadecimal digits alone");
    }
    if (bytes.length < BYTES_MIN) {
      throw new ConfigRefusal(
          "the secret in "
              + file
              + " has "
              + bytes.length
              + " bytes and needs at least "
              + BYTES_MIN
              + " ("
              + 2 * BYTES_MIN
              + " hexadecimal digits)");
    }
    return new ClusterSecret(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
