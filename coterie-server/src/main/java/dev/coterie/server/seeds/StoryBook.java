// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Prng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The transcripts, which a seed tells another way (`Story`); they lie beside this class. One that
/// has a bug planted by itself is none of them.
final class StoryBook {
  private static final class Loaded {
    static final SortedMap<String, String> TEXTS = load();
  }

  private StoryBook() {}

  /// By the transcript's name.
  static SortedMap<String, String> texts() {
    return Loaded.TEXTS;
  }

  /// The transcript that a number draws. Another transcript more changes what few numbers draw.
  static String nameFor(long number) {
    String best = "";
    long most = Long.MIN_VALUE;
    for (String name : texts().keySet()) {
      long at = number;
      for (int i = 0; i < name.length(); i++) {
        at = Prng.mix(at + name.charAt(i));
      }
      if (best.isEmpty() || at > most) {
        best = name;
        most = at;
      }
    }
    return best;
  }

  private static SortedMap<String, String> load() {
    try {
      URI place =
          Objects.requireNonNull(
                  StoryBook.class.getResource("transcripts"), "the build has left out transcripts")
              .toURI();
      if (!place.getScheme().equals("jar")) {
        return read(Path.of(place));
      }
      String inside = place.toString().substring(place.toString().indexOf('!') + 1);
      try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
        return read(jar.getPath(inside));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SortedMap<String, String> read(Path folder) throws IOException {
    TreeMap<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        if (!text.contains(" bug=")) {
          texts.put(file.getFileName().toString().replace(".txt", ""), text);
        }
      }
    }
    return Collections.unmodifiableSortedMap(texts);
  }
}
