// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.codec.RecordCodec;
import dev.coterie.core.node.Node;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.server.process.Release;
import dev.coterie.sim.lab.LabRun;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// By which build a run is made: the release, and a sum of the classes that decide what comes of a
/// run. Builds with the same name come to the same results.
public final class EngineBuild {
  private static final List<Class<?>> OF_EACH_MODULE =
      List.of(Node.class, RecordCodec.class, NodeDriver.class, LabRun.class);

  private static final int SUM_BYTES = 4;
  private static final String CLASS = ".class";

  private EngineBuild() {}

  /// A few letters, figures, dots and dashes, such as `0.1.0-3f2a9c01`.
  public static String id() {
    return Known.ID;
  }

  /// Found when it is first asked for.
  private static final class Known {
    private static final String ID = of(OF_EACH_MODULE);
  }

  /// @param ofEachModule a class of each module that counts
  static String of(List<Class<?>> ofEachModule) {
    String release = Release.version().replaceFirst("-SNAPSHOT$", "");
    String name = release.matches("[0-9A-Za-z.-]+") ? release : "unreleased";
    try {
      TreeMap<String, Long> sums = new TreeMap<>();
      for (Class<?> each : ofEachModule) {
        add(each, sums);
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, Long> each : sums.entrySet()) {
        digest.update((each.getKey() + ' ' + each.getValue()).getBytes(StandardCharsets.UTF_8));
      }
      return name + '-' + HexFormat.of().formatHex(digest.digest(), 0, SUM_BYTES);
    } catch (IOException | URISyntaxException | NoSuchAlgorithmException _) {
      return name; // without the sum it still tells releases apart
    }
  }

  private static void add(Class<?> type, Map<String, Long> sums)
      throws IOException, URISyntaxException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IOException("nobody knows where " + type + " came from");
    }
    Path place = Path.of(source.getLocation().toURI());
    if (Files.isDirectory(place)) {
      folder(place, sums);
    } else {
      jar(place, sums);
    }
  }

  /// A jar names the sum of each of its files at its end: nothing needs to be unpacked.
  private static void jar(Path place, Map<String, Long> sums) throws IOException {
    try (ZipFile jar = new ZipFile(place.toFile())) {
      for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
        ZipEntry each = all.nextElement();
        if (each.getName().endsWith(CLASS)) {
          sums.put(each.getName(), each.getCrc());
        }
      }
    }
  }

  private static void folder(Path place, Map<String, Long> sums) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.filter(path -> path.toString().endsWith(CLASS)).toList()) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(each));
        sums.put(place.relativize(each).toString().replace('\\', '/'), sum.getValue());
      }
    }
  }
}
