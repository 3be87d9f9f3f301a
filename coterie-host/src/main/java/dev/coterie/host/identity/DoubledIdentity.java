// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.host.identity.IdentityText.Decoded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The identity in two copies. A save writes over the older one, so that whatever happens to it the
/// newer one is still whole; a load takes the newer of those that are whole. The copies lie in
/// [Slots]: files for a real node, memory for a simulated one.
public final class DoubledIdentity implements IdentityPort {
  private final Slots slots;
  private long generation;
  private int newest = -1;

  public DoubledIdentity(Slots slots) {
    this.slots = slots;
  }

  /// Two places for a few hundred bytes each, numbered 0 and 1.
  public interface Slots {
    byte @Nullable [] read(int slot) throws SlotFailure;

    /// Returns once `content` is durable. A write that fails or is cut short may leave that slot
    /// damaged, never the other one; the first write of a slot makes it whole or leaves it absent.
    void write(int slot, byte[] content) throws SlotFailure;

    /// What an operator calls the slot.
    String name(int slot);
  }

  /// A slot could not be read or written.
  public static final class SlotFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public SlotFailure(String message) {
      super(message);
    }

    public SlotFailure(Throwable cause) {
      super(cause.toString(), cause);
    }
  }

  @Override
  public synchronized Loaded load() {
    generation = 0;
    newest = -1;
    @Nullable Identity found = null;
    List<String> remarks = new ArrayList<>();
    int absent = 0;
    for (int slot = 0; slot < 2; slot++) {
      byte @Nullable [] copy;
      try {
        copy = slots.read(slot);
      } catch (SlotFailure e) {
        remarks.add(slots.name(slot) + " cannot be read: " + e.getMessage());
        continue;
      }
      if (copy == null) {
        absent++;
        remarks.add(slots.name(slot) + " is missing");
        continue;
      }
      switch (IdentityText.decode(copy)) {
        case Decoded.Newer newer -> {
          return new Loaded.Unreadable(
              slots.name(slot)
                  + " has format "
                  + newer.format()
                  + ", and this program knows formats up to "
                  + Identity.FORMAT,
              "start the newer version that wrote it");
        }
        case Decoded.Damaged damaged ->
            remarks.add(slots.name(slot) + " is damaged: " + damaged.reason());
        case Decoded.Whole whole -> {
          if (whole.generation() > generation) {
            generation = whole.generation();
            newest = slot;
            found = whole.identity();
          }
        }
      }
    }
    if (found != null) {
      return new Loaded.Found(found, List.copyOf(remarks));
    }
    if (absent == 2) {
      return new Loaded.Missing();
    }
    return new Loaded.Unreadable(
        String.join("; ", remarks),
        "look after the disk, then delete both files: the node will start as one that lost data and"
            + " be rebuilt from the others");
  }

  @Override
  public synchronized void save(Identity identity) throws IdentityException {
    byte[] copy = IdentityText.encode(generation + 1, identity);
    if (newest < 0) {
      write(0, copy, identity);
      write(1, copy, identity);
      newest = 1;
    } else {
      int older = 1 - newest;
      write(older, copy, identity);
      newest = older;
    }
    generation++;
  }

  private void write(int slot, byte[] copy, Identity identity) throws IdentityException {
    try {
      slots.write(slot, copy);
    } catch (SlotFailure e) {
      throw new IdentityException(
          "the identity of node " + identity.node() + " could not be saved to " + slots.name(slot),
          e);
    }
  }
}
