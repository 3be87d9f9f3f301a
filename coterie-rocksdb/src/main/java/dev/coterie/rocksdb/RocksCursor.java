// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A position in one column family, over the snapshot at its creation. Used by one thread; the
/// store may be closed by another one meanwhile, which frees the native parts under the life lock.
final class RocksCursor implements Store.Cursor {
  private final RocksStore store;
  private final StampedLock life;
  private final ReadOptions options;
  private final byte @Nullable [] to;
  private final @Nullable Slice end;
  private final RocksIterator iterator;
  private byte[] reached;
  private boolean started;

  /// Whether damage reaches to the end of the key space, which has been said.
  private boolean lost;

  private Store.@Nullable Passed passed;
  private boolean freed;

  RocksCursor(
      RocksStore store,
      StampedLock life,
      ReadOptions options,
      byte @Nullable [] to,
      @Nullable Slice end,
      byte[] from,
      RocksIterator iterator) {
    this.store = store;
    this.life = life;
    this.options = options;
    this.to = to;
    this.end = end;
    this.reached = from;
    this.iterator = iterator;
  }

  @Override
  public boolean next() throws StoreException {
    byte[] behind = reached;
    long stamp = life.readLock();
    try {
      if (freed) {
        throw store.closedError();
      }
      if (lost) {
        return false;
      }
      if (started && iterator.isValid()) {
        reached = iterator.key();
        behind = Arrays.copyOf(reached, reached.length + 1);
        iterator.next();
      }
      started = true;
      if (iterator.isValid()) {
        return true;
      }
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      if (RocksErrors.kind(e) == StoreException.Kind.CORRUPTION) {
        // A step reads what a deleted range covers; a seek does not.
        if (seeks(behind)) {
          return iterator.isValid();
        }
        passDamage();
        passed = new Store.Passed(behind, placeReached());
      }
      throw RocksErrors.of("reading a range", e);
    } finally {
      life.unlockRead(stamp);
    }
  }

  /// Looks for the end of the damage, which RocksDB does not tell: in steps that double until a
  /// seek succeeds, then by halves. Two or three hundred seeks, for something that should never
  /// happen. Between the last bad and the first good place there may be good ones that are passed
  /// over too.
  private void passDamage() {
    BigInteger bad = number(reached);
    BigInteger step = BigInteger.ONE;
    BigInteger good = bad.add(step);
    while (!seeks(good)) {
      if (good.compareTo(LAST) >= 0) {
        lost = true;
        return;
      }
      bad = good;
      step = step.shiftLeft(1);
      good = good.add(step);
    }
    while (good.subtract(bad).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = bad.add(good).shiftRight(1);
      if (seeks(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    boolean unused = seeks(good);
    reached = bytes(good);
    started = false;
  }

  /// Where the damage ends, not beyond the end of the scan.
  private byte @Nullable [] placeReached() {
    return lost || (to != null && Arrays.compareUnsigned(to, reached) < 0) ? to : reached;
  }

  @Override
  public Store.Passed passed() {
    Store.Passed last = passed;
    if (last == null) {
      throw new IllegalStateException("the cursor has passed over nothing");
    }
    return last;
  }

  private boolean seeks(BigInteger place) {
    return seeks(bytes(place.min(LAST)));
  }

  private boolean seeks(byte[] place) {
    try {
      iterator.seek(place);
      iterator.status();
      return true;
    } catch (RocksDBException stillBad) {
      // Out of the bad block: a seek from within it fails again where another would succeed.
      iterator.seekToFirst();
      if (!iterator.isValid()) {
        iterator.seekToLast();
      }
      return false;
    }
  }

  /// So many leading bytes of a key say where it lies: of a record, policy, hash, and mostly all of
  /// the rest.
  private static final int PLACE_BYTES = 32;

  private static final BigInteger LAST =
      BigInteger.ONE.shiftLeft(8 * PLACE_BYTES).subtract(BigInteger.ONE);

  private static BigInteger number(byte[] key) {
    return new BigInteger(1, Arrays.copyOf(key, PLACE_BYTES));
  }

  private static byte[] bytes(BigInteger place) {
    byte[] whole = place.toByteArray();
    byte[] out = new byte[PLACE_BYTES];
    int count = Math.min(whole.length, PLACE_BYTES);
    System.arraycopy(whole, whole.length - count, out, PLACE_BYTES - count, count);
    return out;
  }

  @Override
  public byte[] key() {
    long stamp = life.readLock();
    try {
      requirePosition();
      return iterator.key();
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public byte[] value() {
    long stamp = life.readLock();
    try {
      requirePosition();
      return iterator.value();
    } finally {
      life.unlockRead(stamp);
    }
  }

  private void requirePosition() {
    if (freed || !started || !iterator.isValid()) {
      throw new IllegalStateException(
          "the cursor stands on no entry; next() must return true first");
    }
  }

  @Override
  public void close() {
    long stamp = life.readLock();
    try {
      free();
    } finally {
      life.unlockRead(stamp);
    }
    store.forget(this);
  }

  /// Gives the native parts back; the caller holds the life lock. Once only, also when the store's
  /// close and the cursor's own meet.
  synchronized void free() {
    if (!freed) {
      freed = true;
      iterator.close();
      options.close();
      if (end != null) {
        end.close();
      }
    }
  }
}
