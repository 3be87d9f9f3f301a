// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.demo;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Shoppers who add to their carts from a phone and a laptop.
///
/// In each round of a cart both devices first look into it, then both put it back with one item
/// more: neither has seen the other's add, so the second becomes a sibling of the first. Whoever
/// looks next finds both and puts back their union.
///
/// A shopper presses again when an add was refused (certainly not done) or got no clear answer (it
/// may be done: adding twice to a set does no harm), a few times; see [Tally].
public final class Shop {
  static final String BUCKET_PATH = "/buckets/carts/keys/";
  private static final int TRIES = 8;
  private static final long PAUSE_NANOS = 100_000_000;
  private static final String QUERY = "timeout=3000";

  /// What came of it all. An add counts once as acknowledged or not; refused and indeterminate
  /// count answers, of which one add may see several.
  public record Tally(
      long adds, long acknowledged, long refused, long indeterminate, long siblingsMerged) {}

  private final List<HostPort> nodes;
  private final int carts;
  private final int rounds;
  private final Cart.Merge merge;
  private final NodeHttp http = new NodeHttp(1_000, 5_000);
  private final List<SortedSet<String>> acknowledged = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong adds = new AtomicLong();
  private final AtomicLong acks = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong indeterminate = new AtomicLong();
  private final AtomicLong merged = new AtomicLong();

  /// @param nodes where the shoppers may go
  /// @param rounds how often each cart is opened on both devices
  public Shop(List<HostPort> nodes, int carts, int rounds, Cart.Merge merge) {
    this.nodes = List.copyOf(nodes);
    this.carts = carts;
    this.rounds = rounds;
    this.merge = merge;
    for (int cart = 0; cart < carts; cart++) {
      acknowledged.add(Collections.synchronizedSortedSet(new TreeSet<>()));
    }
  }

  /// Rounds that have ended, of [#roundsInAll].
  public int roundsDone() {
    return Math.min(next.get(), roundsInAll());
  }

  public int roundsInAll() {
    return carts * rounds;
  }

  public Tally tally() {
    return new Tally(adds.get(), acks.get(), refused.get(), indeterminate.get(), merged.get());
  }

  int carts() {
    return carts;
  }

  /// The items whose adds were acknowledged.
  SortedSet<String> acknowledged(int cart) {
    return acknowledged.get(cart);
  }

  static String path(int cart) {
    return BUCKET_PATH + "cart-" + cart;
  }

  /// Lets so many shoppers go about their business at once, and returns when all is done.
  public void open(int shoppers) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < shoppers; i++) {
      threads.add(Thread.ofPlatform().daemon().name("shopper-" + i).start(this::shop));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void shop() {
    for (int round = next.getAndIncrement();
        round < roundsInAll();
        round = next.getAndIncrement()) {
      int cart = round % carts;
      int turn = round / carts;
      // Two devices at two nodes; another pair in each round.
      Device phone = new Device(cart, "phone", round);
      Device laptop = new Device(cart, "laptop", round + 1);
      boolean phoneLooked = phone.look();
      boolean laptopLooked = laptop.look();
      phone.add(phoneLooked, "phone-" + turn);
      laptop.add(laptopLooked, "laptop-" + turn);
    }
  }

  /// One device of one shopper, with what it has last seen of the cart.
  private final class Device {
    private final int cart;
    private final String name;
    private final KeyClient client;
    private Cart seen = Cart.EMPTY;
    private String context = "";

    Device(int cart, String name, int firstNode) {
      this.cart = cart;
      this.name = name;
      List<HostPort> order = new ArrayList<>(nodes);
      Collections.rotate(order, -(firstNode % nodes.size()));
      this.client = new KeyClient(http, order);
    }

    boolean look() {
      switch (client.get(path(cart), QUERY)) {
        case Answer.Found found -> {
          List<Cart> siblings = new ArrayList<>();
          found.values().forEach(value -> siblings.add(Cart.of(value)));
          merged.addAndGet(siblings.size() - 1L);
          seen = merge.of(siblings);
          context = found.context();
          return true;
        }
        case Answer.Missing missing -> {
          seen = Cart.EMPTY;
          context = missing.context();
          return true;
        }
        case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ -> {
          return false;
        }
      }
    }

    /// @param looked whether the cart is on the screen already
    void add(boolean looked, String item) {
      adds.incrementAndGet();
      boolean ready = looked;
      for (int attempt = 0; attempt < TRIES; attempt++) {
        if (attempt > 0) {
          LockSupport.parkNanos(PAUSE_NANOS * attempt);
        }
        ready = ready || look();
        if (ready) {
          if (put(item)) {
            return;
          }
          ready = false; // look again before pressing again
        } else {
          refused.incrementAndGet();
        }
      }
    }

    /// @return whether the add was acknowledged
    private boolean put(String item) {
      KeyClient.Put put =
          new KeyClient.Put(
              seen.with(item).bytes(),
              context,
              Map.of("Content-Type", "text/plain", "X-Riak-Meta-Device", name));
      switch (client.put(path(cart), QUERY, put)) {
        case Answer.Applied _ -> {
          acknowledged.get(cart).add(item);
          acks.incrementAndGet();
          return true;
        }
        case Answer.Indeterminate _ -> {
          indeterminate.incrementAndGet();
          return false;
        }
        case Answer.Rejected _, Answer.Unreachable _, Answer.Found _, Answer.Missing _ -> {
          refused.incrementAndGet();
          return false;
        }
      }
    }
  }
}
