// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import org.jspecify.annotations.Nullable;

/// What the path of a client's request names.
sealed interface Target {
  record Key(ObjectKey key) implements Target {}

  /// All keys of a bucket: the place where the server makes a key.
  record Keys(BucketId bucket) implements Target {}

  record Properties(BucketId bucket) implements Target {}

  record Buckets() implements Target {}

  record Ping() implements Target {}

  record Stats() implements Target {}

  record Root() implements Target {}

  /// Something that Riak has and this store has not, or not yet.
  ///
  /// @param what with its verb, as in `search is`
  record NotOffered(String what) implements Target {}

  /// @param status 400 where the path makes no sense, 404 where it names nothing
  record Nothing(Status status, String sentence) implements Target {}

  /// The target of `uri`, whose path ends at `end`. Segments are taken as they stand: `.` and `..`
  /// are keys like any other, and a `/` inside a key is written `%2F`.
  static Target parse(String uri, int end) {
    int from = 0;
    if (!uri.startsWith("/")) {
      int authority = uri.indexOf("://");
      from = authority < 0 ? -1 : uri.indexOf('/', authority + 3);
      if (from < 0 || from >= end) {
        return new Nothing(Status.BAD_REQUEST, "the request target is not a path");
      }
    }
    return new PathReader(uri, from, end).target();
  }

  /// Cuts a path into segments, one after the other.
  final class PathReader {
    private static final int SEGMENTS_MAX = 8;
    private final String uri;
    private final int[] bounds = new int[2 * SEGMENTS_MAX];
    private int count;
    private boolean tooMany;

    PathReader(String uri, int from, int end) {
      this.uri = uri;
      int at = from + 1;
      while (at <= end) {
        int slash = uri.indexOf('/', at);
        int to = slash < 0 || slash > end ? end : slash;
        if (count == SEGMENTS_MAX) {
          tooMany = true;
          return;
        }
        bounds[2 * count] = at;
        bounds[2 * count + 1] = to;
        count++;
        at = to + 1;
      }
    }

    private boolean is(int segment, String word) {
      int from = bounds[2 * segment];
      return bounds[2 * segment + 1] - from == word.length() && uri.startsWith(word, from);
    }

    private @Nullable Bytes bytes(int segment) {
      return PercentCoding.decode(uri, bounds[2 * segment], bounds[2 * segment + 1]);
    }

    Target target() {
      if (tooMany) {
        return nothing();
      }
      if (count == 1) {
        return single();
      }
      if (is(0, "buckets")) {
        return bucket(BucketId.DEFAULT_TYPE, 1);
      }
      if (is(0, "types")) {
        return typed();
      }
      if (is(0, "riak")) {
        return count == 2 ? keys(1) : count == 3 ? key(BucketId.DEFAULT_TYPE, 1, 2) : nothing();
      }
      return is(0, "search") || is(0, "solr") ? new NotOffered("search is") : nothing();
    }

    private Target single() {
      if (is(0, "")) {
        return new Root();
      }
      if (is(0, "ping")) {
        return new Ping();
      }
      if (is(0, "stats")) {
        return new Stats();
      }
      if (is(0, "buckets")) {
        return new Buckets();
      }
      return is(0, "mapred") ? new NotOffered("map/reduce is") : nothing();
    }

    private Target typed() {
      Bytes type = bytes(1);
      if (type == null || type.isEmpty()) {
        return malformed();
      }
      if (!type.equals(BucketId.DEFAULT_TYPE)) {
        return new Nothing(Status.NOT_FOUND, "Unknown bucket type: " + PercentCoding.encode(type));
      }
      if (count == 3 && is(2, "buckets")) {
        return new Buckets();
      }
      if (count == 3 && is(2, "props")) {
        return new NotOffered("properties of a bucket type are");
      }
      return count > 3 && is(2, "buckets") ? bucket(type, 3) : nothing();
    }

    /// What follows `buckets`, from the bucket's name at `segment` on.
    private Target bucket(Bytes type, int segment) {
      int more = count - segment;
      if (more < 2) {
        return nothing();
      }
      if (is(segment + 1, "props") && more == 2) {
        return properties(type, segment);
      }
      if (is(segment + 1, "keys")) {
        if (more == 2) {
          return keys(segment);
        }
        return more == 3
            ? key(type, segment, segment + 2)
            : new Nothing(Status.NOT_FOUND, "no such resource: a / inside a key is written %2F");
      }
      if (is(segment + 1, "index") || is(segment + 1, "query")) {
        return new NotOffered("secondary indexes are");
      }
      if (is(segment + 1, "datatypes") || is(segment + 1, "counters")) {
        return new NotOffered("data types are");
      }
      return nothing();
    }

    private Target properties(Bytes type, int segment) {
      Bytes name = bytes(segment);
      if (name == null) {
        return malformed();
      }
      BucketId bucket = new BucketId(type, name);
      Target fault = faultOf(bucket);
      return fault == null ? new Properties(bucket) : fault;
    }

    private Target keys(int segment) {
      Bytes name = bytes(segment);
      if (name == null) {
        return malformed();
      }
      BucketId bucket = BucketId.untyped(name);
      Target fault = faultOf(bucket);
      return fault == null ? new Keys(bucket) : fault;
    }

    private Target key(Bytes type, int bucketSegment, int keySegment) {
      Bytes name = bytes(bucketSegment);
      Bytes key = bytes(keySegment);
      if (name == null || key == null) {
        return malformed();
      }
      BucketId bucket = new BucketId(type, name);
      Target fault = faultOf(bucket);
      if (fault != null) {
        return fault;
      }
      if (key.isEmpty() || key.length() > ObjectKey.LENGTH_MAX) {
        return new Nothing(
            Status.BAD_REQUEST,
            "the key has "
                + key.length()
                + " bytes and must have from 1 to "
                + ObjectKey.LENGTH_MAX);
      }
      return new Key(new ObjectKey(bucket, key));
    }

    private static @Nullable Target faultOf(BucketId bucket) {
      int length = bucket.name().length();
      return length > 0 && length <= BucketId.LENGTH_MAX
          ? null
          : new Nothing(
              Status.BAD_REQUEST,
              "the bucket's name has "
                  + length
                  + " bytes and must have from 1 to "
                  + BucketId.LENGTH_MAX);
    }

    private static Target malformed() {
      return new Nothing(
          Status.BAD_REQUEST, "a % in a path must be followed by two hexadecimal digits");
    }

    private static Target nothing() {
      return new Nothing(Status.NOT_FOUND, "no such resource");
    }
  }
}
