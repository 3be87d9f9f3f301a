// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

final class LevelTest {
  /// Whichever of the classes is initialised first, in a class loader of its own.
  @Test
  void theDefaultIsThereWhateverIsLoadedFirst() throws Exception {
    URL classes = Level.class.getProtectionDomain().getCodeSource().getLocation();
    for (Class<?> first : new Class<?>[] {Level.class, Level.Named.class, Level.Count.class}) {
      try (URLClassLoader fresh =
          new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
        Class<?> unused = Class.forName(first.getName(), true, fresh);
        Class<?> level = Class.forName(Level.class.getName(), true, fresh);
        assertThat(level.getField("DEFAULT").get(null)).as("%s first", first).isNotNull();
      }
    }
  }

  @Test
  void wordsAreCountedFromN() {
    assertThat(Level.Named.ONE.of(3, 9)).isEqualTo(1);
    assertThat(Level.Named.QUORUM.of(3, 9)).isEqualTo(2);
    assertThat(Level.Named.QUORUM.of(4, 9)).isEqualTo(3);
    assertThat(Level.Named.ALL.of(3, 9)).isEqualTo(3);
    assertThat(Level.Named.DEFAULT.of(3, 9)).isEqualTo(9);
    assertThat(Level.of(5).of(3, 9)).isEqualTo(5);
  }
}
