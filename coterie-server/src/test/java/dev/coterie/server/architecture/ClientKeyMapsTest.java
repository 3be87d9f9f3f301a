// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whoever chooses keys could choose ones whose hash codes collide (FAULTS F39), so no table of
/// what clients choose is hashed: maps and sets of it are sorted. What stands beside a key in a
/// record of its own counts too, as `Cached` of the driver does.
class ClientKeyMapsTest {
  /// Types whose bytes a client chooses. Addresses of clients are `Bytes` too: a source has few.
  private static final String CHOSEN = "ObjectKey|BucketId|Bytes|Cached";

  private static final Pattern HASHED =
      Pattern.compile(
          "new (?:Linked|Concurrent)?Hash(?:Map|Set)<(?:"
              + CHOSEN
              + ")\\b"
              + "|\\b(?:Map|Set|ConcurrentMap|HashMap|HashSet)<(?:"
              + CHOSEN
              + ")\\b"
              + "[^;=]*= *new (?:Linked|Concurrent)?Hash(?:Map|Set)<");
  private static final List<String> PERMITTED = List.of("Admission.java");

  private static List<String> hashedIn(String name, String source) {
    List<String> found = new ArrayList<>();
    Matcher matcher = HASHED.matcher(source);
    while (matcher.find()) {
      found.add(name + ": " + matcher.group());
    }
    return found;
  }

  @Test
  void mapsOfClientsKeysAreSorted() throws IOException {
    List<String> found = new ArrayList<>();
    int sources = 0;
    for (String module : List.of("core", "codec", "host", "rocksdb", "netty", "server")) {
      try (Stream<Path> all = Files.walk(Path.of("../coterie-" + module + "/src/main/java"))) {
        for (Path file : all.filter(each -> each.toString().endsWith(".java")).toList()) {
          sources++;
          String name = file.getFileName().toString();
          if (!PERMITTED.contains(name)) {
            found.addAll(hashedIn(name, Files.readString(file)));
          }
        }
      }
    }
    assertThat(sources).isGreaterThan(200);
    assertThat(found).isEmpty();
  }

  @Test
  void aHashedMapIsFound() {
    assertThat(hashedIn("A", "private final Map<ObjectKey, Long> a = new LinkedHashMap<>();"))
        .hasSize(1);
    assertThat(hashedIn("A", "var a = new HashSet<BucketId>();")).hasSize(1);
    assertThat(hashedIn("A", "private final Map<ObjectKey, Long> a = new TreeMap<>();")).isEmpty();
    assertThat(hashedIn("A", "private final Map<NodeId, Long> a = new LinkedHashMap<>();"))
        .isEmpty();
  }
}
