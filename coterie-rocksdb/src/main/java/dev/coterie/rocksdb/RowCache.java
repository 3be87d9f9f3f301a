// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Values that were read or written lately, outside the heap. A compaction makes new files and so
/// empties RocksDB's block cache of what it has rewritten; these rows stay.
///
/// Bounded: each segment is a ring of bytes, and a new row overwrites the oldest. A row that is
/// read in the older half of its ring moves to the front; a new value that fits where the old one
/// lies is written there. Thread-safe; a segment is locked for the time of one copy.
///
/// A reader that found nothing here asks the store and then offers what it got: [#fill] takes it
/// only if nothing was written in that segment since [#stamp], so an old value never covers a new
/// one.
final class RowCache {
  private static final int SEGMENTS = 16;

  /// Places in the index where a key may stand.
  private static final int WAYS = 4;

  /// Bytes of keys and values for each place of the index, about.
  private static final int BYTES_PER_PLACE = 256;

  /// Length of the key, length of the value, bytes that are free behind it.
  private static final int HEADER = 3 * Integer.BYTES;

  /// What a row may grow by without moving: contexts do, a little.
  private static final int SPARE = 32;

  /// A place holds the lowest bits of a row's position and above them a tag of its key.
  private static final int TAG_SHIFT = 48;

  private static final long POSITION_MASK = (1L << TAG_SHIFT) - 1;

  private final Segment[] segments;

  /// @param bytes of all rows; 0 keeps none
  RowCache(long bytes) {
    int each = (int) Math.min(1 << 30, bytes / SEGMENTS);
    segments = new Segment[each < 4096 ? 0 : SEGMENTS];
    Arrays.setAll(segments, _ -> new Segment(each));
  }

  /// The value of `key`, null where it is not kept.
  byte @Nullable [] get(byte[] key) {
    if (segments.length == 0) {
      return null;
    }
    long hash = hash(key);
    Segment segment = segment(hash);
    synchronized (segment) {
      return segment.get(key, hash);
    }
  }

  /// To be taken before the store is asked, for [#fill].
  long stamp(byte[] key) {
    if (segments.length == 0) {
      return 0;
    }
    Segment segment = segment(hash(key));
    synchronized (segment) {
      return segment.writes;
    }
  }

  /// Keeps what the store answered, unless something was written meanwhile.
  void fill(byte[] key, byte[] value, long stamp) {
    if (segments.length == 0) {
      return;
    }
    long hash = hash(key);
    Segment segment = segment(hash);
    synchronized (segment) {
      if (segment.writes == stamp) {
        segment.put(key, value, hash);
      }
    }
  }

  /// `value` was written under `key`.
  void written(byte[] key, byte[] value) {
    if (segments.length == 0) {
      return;
    }
    long hash = hash(key);
    Segment segment = segment(hash);
    synchronized (segment) {
      segment.writes++;
      segment.put(key, value, hash);
    }
  }

  /// `key` was deleted, or may have changed.
  void dropped(byte[] key) {
    if (segments.length == 0) {
      return;
    }
    long hash = hash(key);
    Segment segment = segment(hash);
    synchronized (segment) {
      segment.writes++;
      segment.remove(key, hash);
    }
  }

  /// Any key may have changed.
  void clear() {
    for (Segment segment : segments) {
      synchronized (segment) {
        segment.writes++;
        Arrays.fill(segment.places, 0);
      }
    }
  }

  private Segment segment(long hash) {
    return segments[(int) (hash >>> 32) & (SEGMENTS - 1)];
  }

  private static long hash(byte[] key) {
    long hash = Arrays.hashCode(key) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
    hash *= 0xBF58476D1CE4E5B9L;
    return hash ^ hash >>> 32;
  }

  /// A ring of rows, each `key length, value length, spare, key, value`, and an index of their
  /// positions. Positions only grow; a row is whole while less than a ring has been written behind
  /// it.
  private static final class Segment {
    final ByteBuffer ring;
    final long[] places;

    /// Position of the next row. Starts at a whole ring, so that a place with 0 is never whole.
    long head;

    /// How often a write has touched this segment.
    long writes;

    Segment(int bytes) {
      ring = ByteBuffer.allocateDirect(bytes);
      places = new long[Math.max(WAYS, Integer.highestOneBit(bytes / BYTES_PER_PLACE))];
      head = bytes;
    }

    byte @Nullable [] get(byte[] key, long hash) {
      int place = find(key, hash);
      if (place < 0) {
        return null;
      }
      long position = places[place] & POSITION_MASK;
      int at = (int) (position % ring.capacity());
      byte[] value = new byte[ring.getInt(at + Integer.BYTES)];
      ring.get(at + HEADER + key.length, value);
      if (head - position > ring.capacity() / 2) {
        places[place] = tag(hash) | append(key, value);
      }
      return value;
    }

    void put(byte[] key, byte[] value, long hash) {
      int known = find(key, hash);
      if (known >= 0) {
        if (replace(places[known] & POSITION_MASK, key, value)) {
          return;
        }
        places[known] = 0; // of a key two rows would be kept, and one be forgotten
      }
      if (HEADER + key.length + value.length + SPARE > ring.capacity() / 8) {
        return;
      }
      int first = first(hash);
      int oldest = first;
      for (int i = first; i < first + WAYS; i++) {
        if ((places[i] & POSITION_MASK) < (places[oldest] & POSITION_MASK)) {
          oldest = i;
        }
      }
      places[oldest] = tag(hash) | append(key, value);
    }

    void remove(byte[] key, long hash) {
      int place = find(key, hash);
      if (place >= 0) {
        places[place] = 0;
      }
    }

    private int find(byte[] key, long hash) {
      int first = first(hash);
      long tag = tag(hash);
      for (int i = first; i < first + WAYS; i++) {
        if ((places[i] & ~POSITION_MASK) == tag && holds(places[i] & POSITION_MASK, key)) {
          return i;
        }
      }
      return -1;
    }

    private boolean holds(long position, byte[] key) {
      if (head - position > ring.capacity()) {
        return false;
      }
      int at = (int) (position % ring.capacity());
      if (ring.getInt(at) != key.length) {
        return false;
      }
      for (int i = 0; i < key.length; i++) {
        if (ring.get(at + HEADER + i) != key[i]) {
          return false;
        }
      }
      return true;
    }

    private boolean replace(long position, byte[] key, byte[] value) {
      int at = (int) (position % ring.capacity());
      int room = ring.getInt(at + Integer.BYTES) + ring.getInt(at + 2 * Integer.BYTES);
      if (value.length > room || head - position > ring.capacity() / 2) {
        return false;
      }
      ring.putInt(at + Integer.BYTES, value.length);
      ring.putInt(at + 2 * Integer.BYTES, room - value.length);
      ring.put(at + HEADER + key.length, value);
      return true;
    }

    private long append(byte[] key, byte[] value) {
      int size = HEADER + key.length + value.length + SPARE;
      int at = (int) (head % ring.capacity());
      if (at + size > ring.capacity()) {
        head += ring.capacity() - at; // no row goes over the end
        at = 0;
      }
      ring.putInt(at, key.length);
      ring.putInt(at + Integer.BYTES, value.length);
      ring.putInt(at + 2 * Integer.BYTES, SPARE);
      ring.put(at + HEADER, key);
      ring.put(at + HEADER + key.length, value);
      long position = head;
      head += size;
      return position;
    }

    private int first(long hash) {
      return (int) (hash & (places.length - 1) & -WAYS);
    }

    private static long tag(long hash) {
      return (hash >>> 40) << TAG_SHIFT;
    }
  }
}
