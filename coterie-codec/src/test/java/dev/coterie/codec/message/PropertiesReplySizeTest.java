// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.quorum.BucketProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// A starting node serves only when a member has told it all properties, in one message: it must
/// fit into the least frame that a node can be configured with (8 MiB).
class PropertiesReplySizeTest {
  private static final int BUCKETS = 10_000;
  private static final int FRAME_BYTES_LEAST = 8 << 20;

  private static PropertiesEntry entry(int number) {
    byte[] name = new byte[BucketId.LENGTH_MAX];
    byte[] text =
        String.format(Locale.ROOT, "%0" + name.length + "d", number)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, name, 0, name.length);
    CausalContext seen = CausalContext.EMPTY;
    Dot dot = null;
    for (int boot = 1; boot <= 3; boot++) {
      ActorId actor =
          new ActorId(new NodeId("n".repeat(NodeId.LENGTH_MAX)), boot, -boot, Integer.MAX_VALUE);
      dot = new Dot(actor, 1_000_000 + number);
      seen = seen.with(dot);
    }
    return new PropertiesEntry(
        BucketId.untyped(Bytes.of(name)), BucketProperties.DEFAULT, true, dot, seen);
  }

  @Test
  void aFullTableFitsIntoTheLeastFrame() throws Exception {
    List<PropertiesEntry> all = new ArrayList<>();
    for (int number = 0; number < BUCKETS; number++) {
      all.add(entry(number));
    }
    ClusterMessage.PropertiesReply reply = new ClusterMessage.PropertiesReply(1, true, all);
    Bytes encoded = MessageCodec.encode(reply);
    assertThat(encoded.length()).isBetween(3_000_000, FRAME_BYTES_LEAST - (64 << 10));
    assertThat(MessageCodec.decode(encoded)).isEqualTo(reply);
  }
}
