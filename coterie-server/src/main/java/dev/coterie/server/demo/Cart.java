// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.demo;

import dev.coterie.server.remote.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What lies in a cart: a set of items, stored as one item per line.
public record Cart(SortedSet<String> items) {
  public static final Cart EMPTY = new Cart(Collections.emptySortedSet());

  /// How concurrent versions of a cart become one. The demo's is [#union].
  @FunctionalInterface
  public interface Merge {
    Cart of(List<Cart> siblings);
  }

  public Cart {
    items = Collections.unmodifiableSortedSet(new TreeSet<>(items));
  }

  /// Everything that lies in any of them: an add is never lost this way.
  public static Cart union(List<Cart> siblings) {
    TreeSet<String> all = new TreeSet<>();
    for (Cart sibling : siblings) {
      all.addAll(sibling.items);
    }
    return new Cart(all);
  }

  static Cart of(Answer.Value value) {
    TreeSet<String> items = new TreeSet<>();
    new String(value.bytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isEmpty())
        .forEach(items::add);
    return new Cart(items);
  }

  Cart with(String item) {
    TreeSet<String> more = new TreeSet<>(items);
    more.add(item);
    return new Cart(more);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder();
    items.forEach(item -> text.append(item).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
