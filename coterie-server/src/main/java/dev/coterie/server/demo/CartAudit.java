// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.demo;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads every cart from every node after the shop has closed: each acknowledged add must be there.
public final class CartAudit {
  private static final int TRIES = 12;
  private static final long PAUSE_NANOS = 100_000_000;
  private static final int EXAMPLES = 5;

  /// @param reads carts that were read, over all nodes
  /// @param unreadable those that a node did not give
  /// @param lost acknowledged adds that some node did not show
  /// @param examples a few of them
  public record Finding(int reads, int unreadable, int lost, List<String> examples) {}

  private final Shop shop;
  private final List<HostPort> nodes;
  private final NodeHttp http = new NodeHttp(1_000, 5_000);
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unreadable = new AtomicInteger();
  private final TreeSet<String> lost = new TreeSet<>();

  public CartAudit(Shop shop, List<HostPort> nodes) {
    this.shop = shop;
    this.nodes = List.copyOf(nodes);
  }

  public int readsInAll() {
    return shop.carts() * nodes.size();
  }

  public Finding read(int readers) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      threads.add(Thread.ofPlatform().daemon().name("reader-" + i).start(this::readSome));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    synchronized (lost) {
      return new Finding(
          readsInAll(), unreadable.get(), lost.size(), lost.stream().limit(EXAMPLES).toList());
    }
  }

  private void readSome() {
    for (int read = next.getAndIncrement(); read < readsInAll(); read = next.getAndIncrement()) {
      int cart = read / nodes.size();
      HostPort node = nodes.get(read % nodes.size());
      Cart found = cart(cart, node);
      if (found == null) {
        unreadable.incrementAndGet();
        continue;
      }
      for (String item : shop.acknowledged(cart)) {
        if (!found.items().contains(item)) {
          synchronized (lost) {
            lost.add("cart-" + cart + " " + item);
          }
        }
      }
    }
  }

  private @Nullable Cart cart(int cart, HostPort node) {
    KeyClient client = new KeyClient(http, List.of(node));
    for (int attempt = 0; attempt < TRIES; attempt++) {
      LockSupport.parkNanos(PAUSE_NANOS * attempt); // a node may still be starting
      switch (client.get(Shop.path(cart), "timeout=5000")) {
        case Answer.Found found -> {
          List<Cart> siblings = new ArrayList<>();
          found.values().forEach(value -> siblings.add(Cart.of(value)));
          return Cart.union(siblings);
        }
        case Answer.Missing _ -> {
          return Cart.EMPTY;
        }
        case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ -> {}
      }
    }
    return null;
  }
}
