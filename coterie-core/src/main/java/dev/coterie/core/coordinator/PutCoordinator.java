// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.WriteTally;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One put or delete. States: *reading* (a condition, a delete without a context, or a token that
/// names much which the record no longer does, reads first), *minting* (the local replica mints;
/// until then nothing has been written), *counting* (acks are awaited), done.
public final class PutCoordinator {
  public enum State {
    READING,
    MINTING,
    COUNTING
  }

  private final long id;
  private final Origin origin;
  private final Request request;
  private final GroupId group;
  private final QuorumSpec spec;
  private final int bucketN;
  private final List<Target> targets;
  private final WriteTally tally;
  private State state = State.READING;
  private CausalContext seen;
  private @Nullable KeyRecord record;
  private @Nullable Dot dot;
  private long deadline;
  private int ranges;
  private LastWrite.Loss loss = LastWrite.Loss.NONE;
  private int fromTheFuture;

  /// @param targets the owners, this node first
  public PutCoordinator(
      long id,
      Origin origin,
      Request request,
      GroupId group,
      QuorumSpec spec,
      int bucketN,
      List<Target> targets) {
    this.id = id;
    this.origin = origin;
    this.request = request;
    this.group = group;
    this.spec = spec;
    this.bucketN = bucketN;
    this.targets = targets;
    this.tally = new WriteTally(spec, targets);
    this.seen =
        switch (request) {
          case Request.Put put -> put.context();
          case Request.Delete delete -> delete.context();
          case Request.Get _ -> CausalContext.EMPTY;
        };
  }

  public long id() {
    return id;
  }

  public Origin origin() {
    return origin;
  }

  public Request request() {
    return request;
  }

  public ObjectKey key() {
    return request.key();
  }

  public GroupId group() {
    return group;
  }

  public QuorumSpec spec() {
    return spec;
  }

  /// When nobody waits for it any more.
  public long deadline() {
    return deadline;
  }

  public void until(long nanos) {
    deadline = nanos;
  }

  public State state() {
    return state;
  }

  public int bucketN() {
    return bucketN;
  }

  public List<Target> targets() {
    return targets;
  }

  public WriteTally tally() {
    return tally;
  }

  public Condition condition() {
    return switch (request) {
      case Request.Put put -> put.condition();
      case Request.Delete delete -> delete.condition();
      case Request.Get _ -> Condition.NONE;
    };
  }

  /// Whether the key must be read before it is written.
  public boolean readsFirst() {
    return !(condition() instanceof Condition.None)
        || (request instanceof Request.Delete && seen.isEmpty());
  }

  /// What the write replaces.
  public CausalContext seen() {
    return seen;
  }

  /// A delete without a context replaces what was read.
  public void saw(CausalContext context) {
    seen = context;
  }

  /// Asks all owners what of its wide token is gone: once.
  ///
  /// @param unnamed how many ranges of it the record does not name
  /// @return whether it has not asked before
  public boolean settle(int unnamed) {
    if (ranges > 0) {
      return false;
    }
    ranges = unnamed;
    state = State.READING;
    return true;
  }

  /// How many ranges of its token the key's record did not name when it asked.
  public int unnamedRanges() {
    return ranges;
  }

  public void minting() {
    state = State.MINTING;
  }

  public void minted(KeyRecord whole, Dot name) {
    state = State.COUNTING;
    record = whole;
    dot = name;
  }

  /// What this write has thrown away unseen.
  public void discarded(LastWrite.Loss thrown) {
    loss = thrown;
  }

  /// An owner has refused it, for its timestamp.
  public void refusedForItsTime() {
    fromTheFuture++;
  }

  /// How many owners have refused it for its timestamp.
  public int refusalsForItsTime() {
    return fromTheFuture;
  }

  /// What the client has seen once it has the reply: everything in the record but the siblings that
  /// this write has not replaced. A client that sends a larger context back would replace values
  /// that it never saw.
  public CausalContext known() {
    DotSet unseen = DotSet.EMPTY;
    for (Dot sibling : record().dots()) {
      if (!sibling.equals(dot)) {
        unseen = unseen.with(sibling);
      }
    }
    return record().context().without(unseen);
  }

  public KeyRecord record() {
    KeyRecord whole = record;
    return whole == null ? KeyRecord.EMPTY : whole;
  }

  public @Nullable Bytes value() {
    return request instanceof Request.Put put ? put.value() : null;
  }

  public boolean returnsBody() {
    return request instanceof Request.Put put && put.returnBody();
  }

  public long expiryMillis() {
    return request instanceof Request.Put put ? put.expiryMillis() : 0;
  }

  public Bytes operation() {
    return switch (request) {
      case Request.Put put -> put.operation();
      case Request.Delete delete -> delete.operation();
      case Request.Get _ -> Bytes.EMPTY;
    };
  }

  /// Which acks the replicas are to send.
  public AckWish wish() {
    if (spec.durability() == Durability.SYNCED) {
      return AckWish.SYNCED;
    }
    return spec.dw() > 0 ? AckWish.BOTH : AckWish.BUFFERED;
  }

  /// How many of the targets must be reachable before it is worth writing at all.
  public int needed() {
    return Math.max(spec.w(), spec.nodeConfirms());
  }

  /// @param applied whether the client is told that it was done: its session has seen the write
  ///   then
  public Receipt receipt(NodeId self, long epoch, boolean applied) {
    List<Receipt.Answer> given = new ArrayList<>();
    for (WriteTally.Ack ack : tally.acks()) {
      Target target = ack.target();
      given.add(
          new Receipt.Answer(target.node(), target.machine(), target.primary(), ack.durability()));
    }
    return new Receipt(
        spec.w(),
        given,
        spec.n(),
        bucketN,
        epoch,
        self,
        !(condition() instanceof Condition.None),
        request.session().after(group, applied ? known() : CausalContext.EMPTY),
        race());
  }

  private Receipt.Race race() {
    for (Sibling sibling : record().siblings()) {
      if (sibling.dot().equals(dot) && sibling.stamp() > 0) {
        return new Receipt.Race(sibling.stamp(), loss.concurrent(), loss.blind());
      }
    }
    return Receipt.Race.NONE;
  }
}
