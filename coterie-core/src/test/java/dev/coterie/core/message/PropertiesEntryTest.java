// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.quorum.BucketProperties;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PropertiesEntryTest {
  private static final PropertiesEntry SET_AT_A =
      entry(BucketProperties.DEFAULT.withSloppy(true), false, change("a"));
  private static final PropertiesEntry SET_AT_B =
      entry(BucketProperties.DEFAULT.withDefaultTtlSeconds(9), false, change("b"));
  private static final PropertiesEntry WRITTEN_AT_C =
      entry(BucketProperties.DEFAULT, true, firstWrite("c"));
  private static final PropertiesEntry WRITTEN_AT_D =
      entry(BucketProperties.DEFAULT, true, firstWrite("d"));

  private static PropertiesEntry entry(BucketProperties properties, boolean fixed, Dot dot) {
    return new PropertiesEntry(
        BucketId.untyped(Bytes.utf8("b")), properties, fixed, dot, CausalContext.EMPTY.with(dot));
  }

  private static Dot change(String node) {
    return new Dot(new ActorId(new NodeId(node), 1, 1, Integer.MAX_VALUE), 1);
  }

  private static Dot firstWrite(String node) {
    return new Dot(new ActorId(new NodeId(node), 1, 1, PropertiesEntry.FIXES_SERIAL_MAX), 1);
  }

  @Test
  void aFirstWriteLosesAgainstEveryChangeAndFixesN() {
    PropertiesEntry joined = WRITTEN_AT_D.join(SET_AT_B);
    assertThat(joined.properties().defaultTtlSeconds()).isEqualTo(9);
    assertThat(joined.fixed()).isTrue();
    assertThat(joined.properties().n()).isEqualTo(3);
  }

  @Test
  void joinsCommuteAssociateAndRepeatWithoutEffect() {
    List<PropertiesEntry> all = List.of(SET_AT_A, SET_AT_B, WRITTEN_AT_C, WRITTEN_AT_D);
    for (PropertiesEntry one : all) {
      assertThat(one.join(one)).isEqualTo(one);
      for (PropertiesEntry two : all) {
        assertThat(one.join(two)).isEqualTo(two.join(one));
        for (PropertiesEntry three : all) {
          assertThat(one.join(two).join(three)).isEqualTo(one.join(two.join(three)));
        }
      }
    }
  }
}
