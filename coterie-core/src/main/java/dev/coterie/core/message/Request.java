// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
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
  /// @param operation the client's operation id, empty for none
  record Put(
      ObjectKey key,
      Bytes value,
      CausalContext context,
      Condition condition,
      boolean returnBody,
      long expiryMillis,
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
        long expiryMillis,
        Bytes operation,
        QuorumOptions options,
        long timeoutMillis) {
      this(
          key,
          value,
          context,
          condition,
          returnBody,
          expiryMillis,
          operation,
          options,
          timeoutMillis,
          Session.NONE);
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
