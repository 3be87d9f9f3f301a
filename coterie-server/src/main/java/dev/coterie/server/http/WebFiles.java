// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// The pages' files, as the build has put them on the class path. A build without npm has none.
final class WebFiles {
  private static final String ASSETS = "/assets/";
  private static final String FOLDER = "/dev/coterie/server/web/";
  private static final String POLICY =
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src"
          + " 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private WebFiles() {}

  static boolean isBelow(String path) {
    return path.startsWith(ASSETS);
  }

  /// A page by the name of its file; says so where the build has left it out.
  ///
  /// @param instead what works without it
  static Reply.Body page(String name, String instead) {
    Reply.Body page = file(name, "Cache-Control: no-cache");
    return page != null
        ? page
        : Reply.text(
            Status.NOT_FOUND,
            "The pages were left out of this build, because npm was not there. Everything else"
                + " works: "
                + instead);
  }

  /// What `path` names below [#ASSETS].
  static Reply asset(String path) {
    String name = path.substring(ASSETS.length());
    Reply asset =
        name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")
            ? file("assets/" + name, "Cache-Control: public, max-age=31536000, immutable")
            : null;
    return asset != null ? asset : Reply.text(Status.NOT_FOUND, "no such resource");
  }

  private static Reply.@Nullable Body file(String name, String caching) {
    try (InputStream in = WebFiles.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return null;
      }
      String type = type(name.substring(name.lastIndexOf('.') + 1));
      return Reply.of(Status.OK, type, in.readAllBytes())
          .with(caching)
          .with(POLICY)
          .with("X-Content-Type-Options: nosniff")
          .with("Referrer-Policy: no-referrer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String extension) {
    return switch (extension) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "woff2" -> "font/woff2";
      case "svg" -> "image/svg+xml";
      case "txt" -> "text/plain; charset=utf-8";
      default -> "application/octet-stream";
    };
  }
}
