// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.FakeNode;
import dev.coterie.server.remote.FakeNode.Asked;
import dev.coterie.server.remote.FakeNode.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The shop and its audit, against a node that keeps siblings in memory.
class ShopTest {
  private static final String BOUNDARY = "b0undary";

  /// Siblings by key, each with the number of its write; a context is the highest number seen.
  private static final class Store {
    private record Sibling(long number, String body) {}

    private final Map<String, List<Sibling>> carts = new TreeMap<>();
    private long writes;
    private int refuseNext;

    synchronized Told answer(Asked asked) {
      String key = asked.target().replaceAll("\\?.*", "");
      List<Sibling> siblings = carts.computeIfAbsent(key, _ -> new ArrayList<>());
      if (asked.method().equals("PUT")) {
        if (refuseNext > 0) {
          refuseNext--;
          return new Told(503, Map.of("X-Coterie-Outcome", "rejected"), "overload");
        }
        String context = asked.headers().getOrDefault("x-riak-vclock", "0");
        long seen = Long.parseLong(context);
        siblings.removeIf(sibling -> sibling.number <= seen);
        siblings.add(new Sibling(++writes, asked.body()));
        return new Told(204, Map.of("X-Riak-Vclock", Long.toString(writes)), "");
      }
      if (siblings.isEmpty()) {
        return new Told(404, Map.of("X-Coterie-Outcome", "not-found"), "not found\n");
      }
      Map<String, String> headers = new TreeMap<>();
      headers.put("X-Riak-Vclock", Long.toString(siblings.getLast().number));
      if (siblings.size() == 1) {
        headers.put("Content-Type", "text/plain");
        return new Told(200, headers, siblings.getFirst().body);
      }
      headers.put("Content-Type", "multipart/mixed; boundary=" + BOUNDARY);
      StringBuilder body = new StringBuilder();
      for (Sibling sibling : siblings) {
        body.append("\r\n--").append(BOUNDARY).append("\r\nContent-Type: text/plain\r\n\r\n");
        body.append(sibling.body);
      }
      return new Told(300, headers, body + "\r\n--" + BOUNDARY + "--\r\n");
    }
  }

  private static CartAudit.Finding shopping(Store store, Cart.Merge merge, List<Shop.Tally> tallies)
      throws InterruptedException {
    try (FakeNode one = new FakeNode(store::answer);
        FakeNode two = new FakeNode(store::answer)) {
      List<HostPort> nodes = List.of(one.address(), two.address());
      Shop shop = new Shop(nodes, 10, 3, merge);
      shop.open(4);
      tallies.add(shop.tally());
      return new CartAudit(shop, nodes).read(2);
    }
  }

  @Test
  void unionKeepsEveryAdd() throws Exception {
    List<Shop.Tally> tallies = new ArrayList<>();
    CartAudit.Finding finding = shopping(new Store(), Cart::union, tallies);
    assertThat(finding.lost()).as("%s", finding.examples()).isZero();
    assertThat(finding.unreadable()).isZero();
    assertThat(finding.reads()).isEqualTo(20);
    assertThat(tallies.getFirst().acknowledged()).isEqualTo(60);
    assertThat(tallies.getFirst().siblingsMerged()).isBetween(20L, 80L);
  }

  @Test
  void whoeverPicksOneSiblingLosesAddsAndTheAuditSaysSo() throws Exception {
    CartAudit.Finding finding = shopping(new Store(), List::getLast, new ArrayList<>());
    assertThat(finding.lost()).isPositive();
    assertThat(finding.examples()).isNotEmpty();
  }

  @Test
  void aRefusedAddIsTriedAgain() throws Exception {
    Store store = new Store();
    store.refuseNext = 5;
    List<Shop.Tally> tallies = new ArrayList<>();
    CartAudit.Finding finding = shopping(store, Cart::union, tallies);
    assertThat(finding.lost()).isZero();
    assertThat(tallies.getFirst().refused()).isEqualTo(5);
    assertThat(tallies.getFirst().acknowledged()).isEqualTo(60);
  }
}
