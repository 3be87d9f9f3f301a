// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HolesTest {
  @Test
  void hashesAreUnsignedAndBothEndsAreIn() {
    Holes holes = Holes.NONE.with(-3, -1).with(5, 5);
    assertThat(holes.ranges()).containsExactly(new Holes.Range(5, 5), new Holes.Range(-3, -1));
    assertThat(holes.contains(5)).isTrue();
    assertThat(holes.contains(-3)).isTrue();
    assertThat(holes.contains(-1)).isTrue();
    assertThat(holes.contains(-4)).isFalse();
    assertThat(holes.contains(6)).isFalse();
    assertThat(holes.contains(0)).isFalse();
    assertThat(Holes.NONE.contains(0)).isFalse();
  }

  @Test
  void whatMeetsIsOne() {
    Holes holes = Holes.NONE.with(10, 20).with(30, 40).with(15, 33).with(12, 13);
    assertThat(holes.ranges()).containsExactly(new Holes.Range(10, 40));
  }

  /// Above the bound more is in it than was put there, never less.
  @Test
  void theBoundForgetsNothing() {
    Prng prng = new Prng(5);
    for (int round = 0; round < 50; round++) {
      Holes holes = Holes.NONE;
      List<Long> inside = new ArrayList<>();
      for (int i = 0; i < 3 * Holes.RANGES_MAX; i++) {
        long first = prng.nextLong();
        long last = first + prng.nextInt(100);
        if (Long.compareUnsigned(first, last) > 0) {
          continue;
        }
        holes = holes.with(first, last);
        inside.add(first);
        inside.add(last);
        assertThat(holes.ranges()).hasSizeLessThanOrEqualTo(Holes.RANGES_MAX);
      }
      for (long each : inside) {
        assertThat(holes.contains(each)).isTrue();
      }
      for (int i = 1; i < holes.ranges().size(); i++) {
        assertThat(
                Long.compareUnsigned(
                    holes.ranges().get(i - 1).last(), holes.ranges().get(i).first()))
            .isNegative();
      }
    }
  }
}
