// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.QuorumOptions;

/// What a client asks of a key.
public sealed interface Request {
  ObjectKey key();

  QuorumOptions options();

  /// How long the client waits, in ms from the arrival at the first node.
  long timeoutMillis();

  /// What the client has seen; [Session#NONE] where it asks for no session guarantees.
  Session session();

  record Get(ObjectKey key, QuorumOptions options, long timeoutMillis, Session session)
      implements Request {
    public Get(ObjectKey key, QuorumOptions options, long timeoutMillis) {
      this(key, options, timeoutMillis, Session.NONE);
    }
  }

  /// @param value the value with its metadata, encoded; opaque to the core
  /// @param context what the client had seen; empty for a blind put, which becomes a sibling of
  ///   whatever is there
  /// @param returnBody whether the reply carries the record after the put
  /// @param lifetime how long the value is to stay
  /// @param operation the client's operation id, empty for none
  record Put(
      ObjectKey key,
      Bytes value,
      CausalContext context,
      Condition condition,
      boolean returnBody,
      Lifetime lifetime,
      Bytes operation,
      QuorumOptions options,
      long timeoutMillis,
      Session session)
      implements Request {
    public Put(
        ObjectKey key,
        Bytes value,
        CausalContext context,
        Condition condition,
        boolean returnBody,
        Lifetime lifetime,
        Bytes operation,
        QuorumOptions options,
        long timeoutMillis) {
      this(
          key,
          value,
          context,
          condition,
          returnBody,
          lifetime,
          operation,
          options,
          timeoutMillis,
          Session.NONE);
    }

    /// When the value expires, in ms since 1970; 0 for never. Right once the bucket's default has
    /// been filled in.
    public long expiryMillis() {
      return lifetime instanceof Lifetime.Until(long millis) ? millis : 0;
    }

    /// This put with the end that `bucket` gives a value whose client does not say how long it is
    /// to stay, for a node that takes it at `wallMillis`.
    public Put in(BucketProperties bucket, long wallMillis) {
      return bucket.defaultTtlSeconds() > 0 && lifetime instanceof Lifetime.OfBucket
          ? with(Lifetime.until(wallMillis + bucket.defaultTtlSeconds() * 1000))
          : this;
    }

    public Put with(Lifetime wanted) {
      return new Put(
          key,
          value,
          context,
          condition,
          returnBody,
          wanted,
          operation,
          options,
          timeoutMillis,
          session);
    }
  }

  /// @param context what the client had seen; where empty the coordinator reads first and deletes
  ///   what it read
  record Delete(
      ObjectKey key,
      CausalContext context,
      Condition condition,
      Bytes operation,
      QuorumOptions options,
      long timeoutMillis,
      Session session)
      implements Request {
    public Delete(
        ObjectKey key,
        CausalContext context,
        Condition condition,
        Bytes operation,
        QuorumOptions options,
        long timeoutMillis) {
      this(key, context, condition, operation, options, timeoutMillis, Session.NONE);
    }
  }
}
