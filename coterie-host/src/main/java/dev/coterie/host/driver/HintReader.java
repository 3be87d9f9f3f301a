// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.node.Effect;
import dev.coterie.core.node.Event;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads hints for the core: what one slot holds, with the changes of the drain under way, and
/// chunk by chunk all hints, or those for one owner and group.
final class HintReader {
  private final Store store;
  private final StoreCodec codec;
  private final SipHash valueHashKey;
  private final List<HintSlot> reads = new ArrayList<>();
  private final List<Effect.ScanHints> scans = new ArrayList<>();

  /// Hints that are changed and not yet written; [Hint#EMPTY] for one that is dropped.
  private final SortedMap<HintSlot, Hint> unwritten = new TreeMap<>();

  HintReader(Store store, StoreCodec codec, SipHash valueHashKey) {
    this.store = store;
    this.codec = codec;
    this.valueHashKey = valueHashKey;
  }

  void wantRead(HintSlot slot) {
    reads.add(slot);
  }

  void wantScan(Effect.ScanHints scan) {
    scans.add(scan);
  }

  boolean hasReads() {
    return !reads.isEmpty();
  }

  List<HintSlot> takeReads() {
    List<HintSlot> taken = new ArrayList<>(reads);
    reads.clear();
    return taken;
  }

  List<Effect.ScanHints> takeScans() {
    List<Effect.ScanHints> taken = new ArrayList<>(scans);
    scans.clear();
    return taken;
  }

  void changed(HintSlot slot, Hint hint) {
    unwritten.put(slot, hint);
  }

  /// Whether `hint` is what `slot` holds after all changes of the batch.
  boolean isLatest(HintSlot slot, Hint hint) {
    return unwritten.get(slot) == hint;
  }

  /// The batch is in the store, or will never be.
  void written() {
    unwritten.clear();
  }

  Event.HintRead read(HintSlot slot) {
    Hint fresh = unwritten.get(slot);
    if (fresh != null) {
      return new Event.HintRead(slot, fresh, false);
    }
    try {
      byte[] stored = store.get(Table.HINTS, codec.hintKey(slot));
      Hint hint = stored == null ? Hint.EMPTY : StoreCodec.hint(slot.key(), stored, valueHashKey);
      return new Event.HintRead(slot, hint, false);
    } catch (StoreException unreadable) {
      boolean damaged = unreadable.kind() == StoreException.Kind.CORRUPTION;
      return new Event.HintRead(slot, null, damaged);
    } catch (DecodeException damaged) {
      return new Event.HintRead(slot, null, true);
    }
  }

  /// @return null where the disk does not read now: the core asks again
  Event.@Nullable HintsScanned scan(Effect.ScanHints wanted) {
    List<Event.HintsScanned.Held> held = new ArrayList<>();
    List<HintSlot> damaged = new ArrayList<>();
    boolean unreadable = false;
    long bytes = 0;
    byte[] from = wanted.cursor().array();
    byte[] to = null;
    if (wanted.owner() != null && wanted.group() != null) {
      to = codec.hintsTo(wanted.owner(), wanted.group());
      if (wanted.cursor().isEmpty()) {
        from = codec.hintsFrom(wanted.owner(), wanted.group());
      }
    }
    try (Store.Cursor cursor = store.scan(Table.HINTS, from, to)) {
      while (true) {
        try {
          if (!cursor.next()) {
            break;
          }
        } catch (StoreException bad) {
          if (bad.kind() != StoreException.Kind.CORRUPTION) {
            throw bad;
          }
          unreadable = true;
          continue;
        }
        byte[] key = cursor.key();
        byte[] value = cursor.value();
        int size = key.length + value.length;
        if (bytes > 0 && bytes + size > wanted.bytesMax()) {
          return new Event.HintsScanned(
              wanted.scan(), held, Bytes.of(key.clone()), false, damaged, unreadable);
        }
        bytes += size;
        HintSlot slot;
        try {
          slot = codec.slotOfHint(key);
        } catch (DecodeException foreign) {
          continue;
        }
        try {
          held.add(
              new Event.HintsScanned.Held(slot, StoreCodec.hint(slot.key(), value, valueHashKey)));
        } catch (DecodeException rotten) {
          damaged.add(slot);
        }
      }
      return new Event.HintsScanned(wanted.scan(), held, Bytes.EMPTY, true, damaged, unreadable);
    } catch (StoreException refused) {
      return null;
    }
  }
}
