// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// `/stats` for those who watch Riak: a node of its own counts, in numbers and under its names.
class StatsTest {
  @Test
  void countsStandUnderRiaksNames() throws IOException {
    try (TestServer server = new TestServer();
        RawClient client = server.connect()) {
      assertThat(client.get("/buckets/b/keys/k").status()).isEqualTo(404);
      Response stats = client.get("/stats");
      assertThat(stats.status()).isEqualTo(200);
      assertThat(stats.header("Content-Type")).isEqualTo("application/json");
      assertThat(stats.text())
          .contains("\"nodename\":\"n1\"", "\"ring_num_partitions\":8", "\"connected_nodes\":[]")
          .contains("\"node_gets_total\":1,", "\"node_puts_total\":1,")
          .contains("\"read_repairs_total\":5,")
          .containsPattern("\"node_get_fsm_time_median\":3\\d{3},")
          .containsPattern("\"node_get_fsm_time_100\":3\\d{3},")
          .contains("\"http_responses\":{\"GET_404\":1}")
          .doesNotContain("NaN");
    }
  }
}
