// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RowCacheTest {
  private static byte[] key(int number) {
    return ("key-" + number).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] value(int number, int length) {
    byte[] value = new byte[Math.max(4, length)];
    Arrays.fill(value, (byte) number);
    ByteBuffer.wrap(value).putInt(number);
    return value;
  }

  /// Against a map that forgets nothing: what is found is what was last written, over many laps of
  /// the rings, with rows of all sizes, deletes, and fills that come late.
  @Test
  void whatIsFoundIsWhatWasLastWritten() {
    for (int bytes : new int[] {0, 100, 64 << 10, 1 << 20}) {
      RowCache cache = new RowCache(bytes);
      Map<Integer, byte[]> truth = new TreeMap<>();
      SplittableRandom random = new SplittableRandom(bytes + 1);
      int found = 0;
      for (int i = 0; i < 200_000; i++) {
        int number = random.nextInt(1 + random.nextInt(3_000));
        byte[] held = truth.get(number);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> {
            byte[] value = value(i, random.nextInt(1 + random.nextInt(2_000)));
            truth.put(number, value);
            cache.written(key(number), value);
          }
          case 3 -> {
            truth.remove(number);
            cache.dropped(key(number));
          }
          case 4 -> {
            long stamp = cache.stamp(key(number));
            if (random.nextBoolean()) {
              byte[] newer = value(i, random.nextInt(500));
              truth.put(number, newer);
              cache.written(key(number), newer);
            }
            if (held != null) {
              cache.fill(key(number), held, stamp);
            }
          }
          case 5 -> {
            if (random.nextInt(2_000) == 0) {
              truth.clear();
              cache.clear();
            }
          }
          default -> {
            byte[] kept = cache.get(key(number));
            if (kept != null) {
              found++;
              assertThat(kept).isEqualTo(held);
            }
          }
        }
      }
      if (bytes < 64 << 10) {
        assertThat(found).isZero();
      } else {
        assertThat(found).as("of %s bytes", bytes).isGreaterThan(5_000);
      }
    }
  }

  @Test
  void rowsThatAreReadOutliveRowsThatAreNot() {
    RowCache cache = new RowCache(1 << 20);
    for (int hot = 0; hot < 100; hot++) {
      cache.written(key(hot), value(hot, 1_000));
    }
    for (int i = 0; i < 20_000; i++) {
      cache.written(key(1_000 + i), value(i, 1_000));
      cache.get(key(i % 100));
    }
    int kept = 0;
    for (int hot = 0; hot < 100; hot++) {
      kept += cache.get(key(hot)) == null ? 0 : 1;
    }
    assertThat(kept).isGreaterThan(90);
    assertThat(cache.get(key(1_001))).isNull();
  }

  @Test
  void aFillAfterAWriteIsNotTaken() {
    RowCache cache = new RowCache(1 << 20);
    long stamp = cache.stamp(key(1));
    cache.written(key(1), value(2, 10));
    cache.fill(key(1), value(1, 10), stamp);
    assertThat(cache.get(key(1))).isEqualTo(value(2, 10));
    stamp = cache.stamp(key(1));
    cache.dropped(key(1));
    cache.fill(key(1), value(2, 10), stamp);
    assertThat(cache.get(key(1))).isNull();
  }
}
