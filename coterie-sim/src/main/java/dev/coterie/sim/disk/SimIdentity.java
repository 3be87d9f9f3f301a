// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.host.identity.DoubledIdentity;
import dev.coterie.host.identity.DoubledIdentity.SlotFailure;
import dev.coterie.host.identity.Identity;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.transport.PeerMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The identity file of a simulated node: two copies in memory under the same code that a real node
/// uses; and beside it what the node has heard of its peers. It stays when the node dies; what a
/// save has returned from is durable.
public final class SimIdentity implements IdentityPort {
  /// So many saves can be taken back by [#rollBack].
  public static final int HISTORY_MAX = 64;

  /// A torn write ends behind the generation number: the new one over the old rest.
  private static final int TORN_AT = 32;

  private final MemorySlots slots = new MemorySlots();
  private final DoubledIdentity copies = new DoubledIdentity(slots);
  private final Deque<Image> history = new ArrayDeque<>();
  private PeerMemory peers = PeerMemory.EMPTY;
  private int failingSaves;
  private boolean tearing;

  /// Both copies at one moment, null where there is none, and what was known of the peers.
  public record Image(byte @Nullable [] a, byte @Nullable [] b, PeerMemory peers) {}

  private final class MemorySlots implements DoubledIdentity.Slots {
    private byte @Nullable [] a;
    private byte @Nullable [] b;

    @Override
    public byte @Nullable [] read(int slot) {
      return slot == 0 ? a : b;
    }

    @Override
    public void write(int slot, byte[] content) throws SlotFailure {
      if (failingSaves > 0) {
        failingSaves--;
        throw new SlotFailure("input/output error");
      }
      if (tearing) {
        tearing = false;
        byte[] old = read(slot);
        if (old != null) {
          byte[] torn = old.clone();
          System.arraycopy(content, 0, torn, 0, TORN_AT);
          put(slot, torn);
        }
        throw new SlotFailure("the power was cut");
      }
      put(slot, content);
    }

    private void put(int slot, byte @Nullable [] content) {
      if (slot == 0) {
        a = content;
      } else {
        b = content;
      }
    }

    @Override
    public String name(int slot) {
      return slot == 0 ? "identity-a" : "identity-b";
    }
  }

  @Override
  public Loaded load() {
    return copies.load();
  }

  @Override
  public void save(Identity identity) throws IdentityException {
    Image before = snapshot();
    copies.save(identity);
    history.addLast(before);
    if (history.size() > HISTORY_MAX) {
      history.removeFirst();
    }
  }

  /// The next `count` writes of a copy fail and change nothing.
  public void failNextSaves(int count) {
    failingSaves = count;
  }

  /// The next write of a copy is cut short: that copy is damaged (or still absent), the other one
  /// whole.
  public void tearNextSave() {
    tearing = true;
  }

  public PeerMemory remembered() {
    return peers;
  }

  public void remember(PeerMemory memory) {
    peers = memory;
  }

  /// Both files are gone.
  public void lose() {
    restore(new Image(null, null, peers));
  }

  /// All files are gone.
  public void wipe() {
    restore(new Image(null, null, PeerMemory.EMPTY));
  }

  /// Spoils copy 0 or 1, if it is there.
  public void damage(int copy) {
    byte[] old = slots.read(copy);
    if (old != null) {
      byte[] spoilt = old.clone();
      spoilt[TORN_AT] ^= 0x11;
      slots.put(copy, spoilt);
    }
  }

  /// Takes the last `saves` saves back, as far as they are remembered.
  public void rollBack(int saves) {
    for (int i = 0; i < saves && !history.isEmpty(); i++) {
      restore(history.removeLast());
    }
  }

  public Image snapshot() {
    return new Image(slots.read(0), slots.read(1), peers);
  }

  /// Puts old copies in place of the present ones.
  public void restore(Image image) {
    slots.put(0, image.a());
    slots.put(1, image.b());
    peers = image.peers();
  }
}
