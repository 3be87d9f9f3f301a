// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Gap;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Drops what a scan could not read, as the first thing in the batch of its drain.
///
/// A scan may pass over more than is damaged: what was written since over a bad block, and sound
/// blocks between two bad ones. What only this disk may have is named in the group's log, so each
/// key in the gap that the log names is tried by itself, and written again if it can be read.
final class GapDropper {
  private record Dropped(GroupId group, Gap gap) {
    boolean contains(byte[] key) {
      Bytes place = Bytes.of(key);
      return gap.from().compareTo(place) <= 0 && place.compareTo(gap.to()) < 0;
    }
  }

  private final Store store;
  private final StoreCodec codec;
  private final SipHash valueHashKey;
  private final List<Dropped> dropped = new ArrayList<>();

  /// Keys in the gaps whose records stay if they can be read.
  private final TreeSet<Bytes> kept = new TreeSet<>();

  GapDropper(Store store, StoreCodec codec, SipHash valueHashKey) {
    this.store = store;
    this.codec = codec;
    this.valueHashKey = valueHashKey;
  }

  void dropped(GroupId group, Gap gap) {
    dropped.add(new Dropped(group, gap));
  }

  /// The record of `key` is being read before the batch is written.
  ///
  /// @return whether it lies in a gap: it stays if it can be read, and is gone otherwise
  boolean keepsOrDrops(byte[] key) {
    for (Dropped each : dropped) {
      if (each.contains(key)) {
        kept.add(Bytes.of(key));
        return true;
      }
    }
    return false;
  }

  /// To be called before anything else is added to `batch`.
  void addTo(WriteBatch batch) throws StoreException {
    for (Dropped each : dropped) {
      batch.deleteRange(Table.RECORDS, each.gap().from().array(), each.gap().to().array());
    }
    for (Dropped each : dropped) {
      addNamed(each);
    }
    for (Bytes key : kept) {
      byte @Nullable [] sound = sound(key.array());
      if (sound != null) {
        batch.put(Table.RECORDS, key.array(), sound);
      }
    }
  }

  /// The keys in a gap that the log names are to be tried.
  private void addNamed(Dropped each) throws StoreException {
    GroupId group = each.group();
    try (Store.Cursor log = store.scan(Table.LOG, codec.logFrom(group), codec.logTo(group))) {
      while (true) {
        try {
          if (!log.next()) {
            return;
          }
          byte[] key = codec.recordKey(group, StoreCodec.logEntry(log.key(), log.value()).key());
          if (each.contains(key)) {
            kept.add(Bytes.of(key));
          }
        } catch (DecodeException unreadable) {
          // an entry that names nothing any more
        } catch (StoreException e) {
          if (e.kind() != StoreException.Kind.CORRUPTION) {
            throw e;
          }
        }
      }
    }
  }

  private byte @Nullable [] sound(byte[] key) throws StoreException {
    try {
      byte @Nullable [] stored = store.get(Table.RECORDS, key);
      if (stored != null) {
        KeyRecord unused = StoreCodec.record(stored, valueHashKey);
      }
      return stored;
    } catch (DecodeException damaged) {
      return null;
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.CORRUPTION) {
        throw e;
      }
      return null;
    }
  }

  void written() {
    dropped.clear();
    kept.clear();
  }
}
