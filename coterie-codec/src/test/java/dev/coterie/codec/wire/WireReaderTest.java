// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import org.junit.jupiter.api.Test;

class WireReaderTest {
  @Test
  void unknownFieldsOfEveryTypeAreSkipped() throws DecodeException {
    WireWriter out = new WireWriter(16);
    out.number(1, 300);
    out.fixed(2, -1);
    out.bytes(3, Bytes.utf8("a field of a later version"));
    int nested = out.begin(4);
    out.text(1, "inside");
    out.end(nested);
    out.number(5, 42);

    WireReader in = new WireReader(out.toArray());
    long known = 0;
    int skipped = 0;
    while (in.next()) {
      if (in.field() == 5) {
        known = in.number();
      } else {
        in.skip();
        skipped++;
      }
    }
    assertThat(known).isEqualTo(42);
    assertThat(skipped).isEqualTo(4);
  }
}
