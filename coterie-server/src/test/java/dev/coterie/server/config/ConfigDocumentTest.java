// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of keys, the records, the commented file and the document say the same.
final class ConfigDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
  private static final String BEGIN = "<!-- config table:";
  private static final String END = "<!-- end of config table -->";

  @TempDir Path folder;

  private Config load(String text) throws IOException {
    if (!Files.exists(folder.resolve("secret"))) {
      ClusterSecret.create(folder.resolve("secret"));
    }
    return switch (ConfigFile.parse(text, folder)) {
      case ConfigFile.Loaded(Config config) -> config;
      case ConfigFile.Refused(List<String> sentences) -> throw new AssertionError(sentences);
    };
  }

  @Test
  void theDocumentHoldsTheTable() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf('\n', document.indexOf(BEGIN)) + 1;
    int end = document.indexOf(END);
    assertThat(begin).isPositive();
    assertThat(end).isGreaterThanOrEqualTo(begin);
    String wanted = "\n" + ConfigText.markdown();
    if (System.getProperty("docs.rewrite") != null) {
      document = document.substring(0, begin) + wanted + document.substring(end);
      Files.writeString(DOCUMENT, document);
      end = document.indexOf(END);
    }
    assertThat(document.substring(begin, end)).isEqualTo(wanted);
  }

  @Test
  void theCommentedFileLoadsAndHoldsEveryDefault() throws IOException {
    Config config = load(ConfigText.commentedFile());
    Config bare =
        load(
            """
            node.id = "n1"
            cluster.id = "shop"
            [[cluster.members]]
            id = "n1"
            peer = "127.0.0.1:8099"
            """);
    assertThat(config.toString()).isEqualTo(bare.toString());
    assertThat(ConfigText.commentedFile().lines()).allMatch(line -> line.length() <= 100);
  }

  /// Gives each number key a value of its own and looks for it in the record's component of that
  /// name: a key that is not read, or read into another component, fails here.
  @Test
  void eachNumberReachesTheComponentOfItsName() throws IOException {
    List<String> missing = new ArrayList<>();
    for (ConfigKeys.Section section : ConfigKeys.SECTIONS) {
      for (ConfigKey<?> key : section.keys()) {
        String value = other(key);
        if (!value.isEmpty() && !section.repeated()) {
          Config config =
              load(
                  ConfigText.commentedFile()
                      .replace(
                          "\n" + key.name() + " = " + key.standard() + "\n",
                          "\n" + key.name() + " = " + value + "\n"));
          String component = component(key.name()) + "=" + value;
          if (!config.toString().contains(component)) {
            missing.add(key.path() + " as " + component);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /// Another value than the standard one; empty for a key that is no number.
  private static String other(ConfigKey<?> key) {
    return switch (key.shape()) {
      case Shape.Whole whole -> {
        long standard = Long.parseLong(key.standard());
        yield Long.toString(standard == whole.max() ? standard - 1 : standard + 1);
      }
      case Shape.Decimal decimal -> {
        double standard = Double.parseDouble(key.standard());
        yield Double.toString(standard + 1 > decimal.max() ? standard - 1 : standard + 1);
      }
      case Shape.PowerOfTwo _,
          Shape.Flag _,
          Shape.Name _,
          Shape.Label _,
          Shape.PathText _,
          Shape.Word _,
          Shape.Address _ ->
          "";
    };
  }

  /// `value_bytes_max` is `valueBytesMax`, `timeout_ms` is `timeoutMillis`.
  private static String component(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : name.replaceAll("_ms(?=_|$)", "_millis").split("_", -1)) {
      camel.append(
          camel.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return camel.toString();
  }

  @Test
  void everyKeySaysWhatItDecidesAndWhatItCosts() {
    for (ConfigKeys.Section section : ConfigKeys.SECTIONS) {
      for (ConfigKey<?> key : section.keys()) {
        assertThat(key.what()).as(key.path()).isNotEmpty().doesNotEndWith(".").doesNotContain("|");
        assertThat(key.section()).isEqualTo(section.name());
        boolean graded = !(key.shape() instanceof Shape.Whole) || !key.more().isEmpty();
        assertThat(graded).as("%s says what more of it costs", key.path()).isTrue();
        assertThat(key.more().isEmpty()).as(key.path()).isEqualTo(key.less().isEmpty());
      }
    }
  }

  @Test
  void theNearestNameCountsSwapsAsOne() {
    assertThat(NearestName.distance("wieght", "weight")).isEqualTo(1);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.of("lisen", List.of("id", "listen", "list"))).isEqualTo("listen");
  }

  @Test
  void addressesAreReadAndPrintedAlike() {
    for (String good : List.of("127.0.0.1:1", "[::1]:65535", "db-1.example:8098")) {
      assertThat(String.valueOf(HostPort.parse(good))).isEqualTo(good);
    }
    for (String bad :
        List.of(
            "", ":80", "a", "a:", "a:0", "a:65536", "a:-1", "::1:80", "[a]:80", "a b:80", "a:8O")) {
      assertThat(HostPort.parse(bad)).as(bad).isNull();
    }
    assertThat(new HostPort("127.1.2.3", 1).isLoopback()).isTrue();
    assertThat(new HostPort("LOCALHOST", 1).isLoopback()).isTrue();
    assertThat(new HostPort("127.0.0.1.example", 1).isLoopback()).isFalse();
    assertThat(new HostPort("0.0.0.0", 1).isLoopback()).isFalse();
  }
}
