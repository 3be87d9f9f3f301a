// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The page's files, as the build has put them on the class path. A build without npm has none.
final class WebFiles {
  private static final String FOLDER = "/dev/coterie/server/web/";
  private static final String POLICY =
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src"
          + " 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";
  private static final String NO_SNIFFING = "X-Content-Type-Options: nosniff";
  private static final String NO_REFERRER = "Referrer-Policy: no-referrer";

  private WebFiles() {}

  static LabAnswer page() {
    LabAnswer page = file("lab.html", "Cache-Control: no-cache");
    return page != null
        ? page
        : LabAnswer.refused(
            404,
            "NO_PAGES",
            "The pages were left out of this build, because npm was not there. Everything else"
                + " works: ./coterie lab run, and the resources under /lab.",
            "");
  }

  static @Nullable LabAnswer asset(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")
        ? file("assets/" + name, "Cache-Control: public, max-age=31536000, immutable")
        : null;
  }

  private static @Nullable LabAnswer file(String name, String caching) {
    try (InputStream in = WebFiles.class.getResourceAsStream(FOLDER + name)) {
      return in == null
          ? null
          : new LabAnswer(
              200,
              type(name.substring(name.lastIndexOf('.') + 1)),
              in.readAllBytes(),
              List.of(caching, POLICY, NO_SNIFFING, NO_REFERRER));
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
