// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;

/// Requests, outcomes and bucket properties to bytes and back, for forwarding and for the store.
public final class RequestCodec {
  private static final int COUNT_MAX = 4096;

  private RequestCodec() {}

  // Levels are one number: the count, or 2^16 and the ordinal of the word. 0 stands for "default".

  private static void putLevel(WireWriter out, int field, Level level) {
    long number =
        switch (level) {
          case Level.Count(int count) -> count + 1L;
          case Level.Named.DEFAULT -> 0;
          case Level.Named.ONE -> 65_537;
          case Level.Named.QUORUM -> 65_538;
          case Level.Named.ALL -> 65_539;
          case Level.Named.ANY -> 65_540;
        };
    out.number(field, number);
  }

  private static Level getLevel(WireReader in) throws DecodeException {
    int number = in.smallNumber(65_540);
    return switch (number) {
      case 0 -> Level.Named.DEFAULT;
      case 65_537 -> Level.Named.ONE;
      case 65_538 -> Level.Named.QUORUM;
      case 65_539 -> Level.Named.ALL;
      case 65_540 -> Level.Named.ANY;
      default -> Level.of(number - 1);
    };
  }

  private static void putChoice(WireWriter out, int field, Choice choice) {
    out.number(
        field,
        switch (choice) {
          case DEFAULT -> 0;
          case YES -> 1;
          case NO -> 2;
        });
  }

  private static Choice getChoice(WireReader in) throws DecodeException {
    return switch (in.smallNumber(2)) {
      case 1 -> Choice.YES;
      case 2 -> Choice.NO;
      default -> Choice.DEFAULT;
    };
  }

  private static void putOptions(WireWriter out, int field, QuorumOptions options) {
    int begun = out.begin(field);
    putLevel(out, 1, options.n());
    putLevel(out, 2, options.r());
    putLevel(out, 3, options.w());
    putLevel(out, 4, options.pr());
    putLevel(out, 5, options.pw());
    putLevel(out, 6, options.dw());
    putLevel(out, 7, options.nodeConfirms());
    putChoice(out, 8, options.notfoundOk());
    putChoice(out, 9, options.basicQuorum());
    out.flag(10, options.durability() == Durability.BUFFERED);
    out.flag(11, options.durabilityGiven());
    putChoice(out, 12, options.sloppy());
    out.end(begun);
  }

  private static QuorumOptions getOptions(WireReader in) throws DecodeException {
    Level[] levels = new Level[7];
    java.util.Arrays.fill(levels, Level.DEFAULT);
    Choice notfoundOk = Choice.DEFAULT;
    Choice basicQuorum = Choice.DEFAULT;
    boolean buffered = false;
    boolean given = false;
    Choice sloppy = Choice.DEFAULT;
    while (in.next()) {
      switch (in.field()) {
        case 1, 2, 3, 4, 5, 6, 7 -> levels[in.field() - 1] = getLevel(in);
        case 8 -> notfoundOk = getChoice(in);
        case 9 -> basicQuorum = getChoice(in);
        case 10 -> buffered = in.flag();
        case 11 -> given = in.flag();
        case 12 -> sloppy = getChoice(in);
        default -> in.skip();
      }
    }
    return new QuorumOptions(
        levels[0],
        levels[1],
        levels[2],
        levels[3],
        levels[4],
        levels[5],
        levels[6],
        notfoundOk,
        basicQuorum,
        buffered ? Durability.BUFFERED : Durability.SYNCED,
        given,
        sloppy);
  }

  private static void putCondition(WireWriter out, int field, Condition condition) {
    int begun = out.begin(field);
    switch (condition) {
      case Condition.None() -> {}
      case Condition.IfNoneMatch() -> out.number(1, 1);
      case Condition.IfNotModified(CausalContext context) -> {
        out.number(1, 2);
        RecordCodec.putDots(out, 2, context.dots());
      }
      case Condition.IfMatchTags(List<Long> tags) -> {
        out.number(1, 3);
        putTags(out, tags);
      }
      case Condition.IfNoneMatchTags(List<Long> tags) -> {
        out.number(1, 4);
        putTags(out, tags);
      }
    }
    out.end(begun);
  }

  private static void putTags(WireWriter out, List<Long> tags) {
    for (long tag : tags) {
      int begun = out.begin(3);
      out.fixed(1, tag);
      out.end(begun);
    }
  }

  private static Condition getCondition(WireReader in) throws DecodeException {
    int kind = 0;
    CausalContext context = CausalContext.EMPTY;
    List<Long> tags = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> kind = in.smallNumber(4);
        case 2 -> context = new CausalContext(RecordCodec.getDots(in.nested()));
        case 3 -> {
          WireReader tag = in.nested();
          long value = 0;
          while (tag.next()) {
            if (tag.field() == 1) {
              value = tag.fixed();
            } else {
              tag.skip();
            }
          }
          if (tags.size() == COUNT_MAX) {
            throw new DecodeException("too many tags");
          }
          tags.add(value);
        }
        default -> in.skip();
      }
    }
    return switch (kind) {
      case 1 -> new Condition.IfNoneMatch();
      case 2 -> new Condition.IfNotModified(context);
      case 3 -> new Condition.IfMatchTags(tags);
      case 4 -> new Condition.IfNoneMatchTags(tags);
      default -> Condition.NONE;
    };
  }

  /// Fields: 1 kind (1 get, 2 put, 3 delete), 2 key, 3 options, 4 timeout ms, 5 value, 6 context, 7
  /// condition, 8 return body, 9 expiry, 10 operation, 11 session, 12 stays for ever. With neither
  /// 9 nor 12 a put leaves it to its bucket how long the value stays.
  public static void putRequest(WireWriter out, int field, Request request) {
    int begun = out.begin(field);
    RecordCodec.putKey(out, 2, request.key());
    putOptions(out, 3, request.options());
    out.number(4, request.timeoutMillis());
    putSession(out, 11, request.session());
    switch (request) {
      case Request.Get _ -> out.number(1, 1);
      case Request.Put put -> {
        out.number(1, 2);
        out.bytes(5, put.value());
        RecordCodec.putDots(out, 6, put.context().dots());
        putCondition(out, 7, put.condition());
        out.flag(8, put.returnBody());
        out.number(9, put.expiryMillis());
        out.flag(12, put.lifetime() instanceof Lifetime.ForEver);
        out.bytes(10, put.operation());
      }
      case Request.Delete delete -> {
        out.number(1, 3);
        RecordCodec.putDots(out, 6, delete.context().dots());
        putCondition(out, 7, delete.condition());
        out.bytes(10, delete.operation());
      }
    }
    out.end(begun);
  }

  public static Request getRequest(WireReader in) throws DecodeException {
    int kind = 0;
    ObjectKey key = null;
    QuorumOptions options = QuorumOptions.DEFAULT;
    long timeout = 0;
    Bytes value = Bytes.EMPTY;
    CausalContext context = CausalContext.EMPTY;
    Condition condition = Condition.NONE;
    boolean returnBody = false;
    long expiry = 0;
    boolean forEver = false;
    Bytes operation = Bytes.EMPTY;
    Session session = Session.NONE;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> kind = in.smallNumber(3);
        case 2 -> key = RecordCodec.getKey(in.nested());
        case 3 -> options = getOptions(in.nested());
        case 4 -> timeout = in.smallNumber(Integer.MAX_VALUE);
        case 5 -> value = in.bytes();
        case 6 -> context = new CausalContext(RecordCodec.getDots(in.nested()));
        case 7 -> condition = getCondition(in.nested());
        case 8 -> returnBody = in.flag();
        case 9 -> expiry = in.number();
        case 10 -> operation = in.bytes();
        case 11 -> session = getSession(in.nested());
        case 12 -> forEver = in.flag();
        default -> in.skip();
      }
    }
    if (key == null) {
      throw new DecodeException("request without key");
    }
    return switch (kind) {
      case 1 -> new Request.Get(key, options, timeout, session);
      case 2 ->
          new Request.Put(
              key,
              value,
              context,
              condition,
              returnBody,
              lifetime(expiry, forEver),
              operation,
              options,
              timeout,
              session);
      case 3 -> new Request.Delete(key, context, condition, operation, options, timeout, session);
      default -> throw new DecodeException("request of unknown kind");
    };
  }

  private static Lifetime lifetime(long expiry, boolean forEver) throws DecodeException {
    if (expiry < 0) {
      throw new DecodeException("a value that has ended before there was one");
    }
    return expiry > 0
        ? new Lifetime.Until(expiry)
        : forEver ? Lifetime.FOR_EVER : Lifetime.OF_BUCKET;
  }

  /// Fields: 1 forgot, 2 groups (1 group, 2 floor). Nothing where there is no session.
  private static void putSession(WireWriter out, int field, Session session) {
    if (!session.wanted()) {
      return;
    }
    int begun = out.begin(field);
    out.flag(1, session.forgot());
    for (Session.Seen seen : session.groups()) {
      int entry = out.begin(2);
      RecordCodec.putGroup(out, 1, seen.group());
      RecordCodec.putDots(out, 2, seen.floor());
      out.end(entry);
    }
    out.end(begun);
  }

  private static Session getSession(WireReader in) throws DecodeException {
    boolean forgot = false;
    List<Session.Seen> groups = new ArrayList<>(1);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> forgot = in.flag();
        case 2 -> {
          if (groups.size() == COUNT_MAX) {
            throw new DecodeException("too many groups");
          }
          WireReader entry = in.nested();
          GroupId group = null;
          DotSet floor = DotSet.EMPTY;
          while (entry.next()) {
            switch (entry.field()) {
              case 1 -> group = RecordCodec.getGroup(entry.nested());
              case 2 -> floor = RecordCodec.getDots(entry.nested());
              default -> entry.skip();
            }
          }
          if (group == null) {
            throw new DecodeException("session without group");
          }
          groups.add(new Session.Seen(group, floor));
        }
        default -> in.skip();
      }
    }
    return new Session(true, forgot, groups);
  }

  private static void putReceipt(WireWriter out, int field, Receipt receipt) {
    int begun = out.begin(field);
    out.number(1, receipt.needed());
    for (Receipt.Answer answer : receipt.answers()) {
      int entry = out.begin(2);
      out.text(1, answer.node().name());
      out.text(2, answer.machine());
      out.flag(3, answer.primary());
      out.flag(4, answer.durability() == Durability.SYNCED);
      out.end(entry);
    }
    out.number(3, receipt.n());
    out.number(4, receipt.bucketN());
    out.number(5, receipt.epoch());
    out.text(6, receipt.coordinator().name());
    out.flag(7, receipt.checkedNotAtomic());
    putSession(out, 8, receipt.session());
    out.number(9, receipt.race().stamp());
    out.number(10, receipt.race().lost());
    out.number(11, receipt.race().blind());
    out.end(begun);
  }

  private static Receipt getReceipt(WireReader in) throws DecodeException {
    int needed = 0;
    List<Receipt.Answer> answers = new ArrayList<>(3);
    int n = 0;
    int bucketN = 0;
    long epoch = 0;
    String coordinator = "";
    boolean checked = false;
    Session session = Session.NONE;
    long stamp = 0;
    int lost = 0;
    int blind = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> needed = in.smallNumber(COUNT_MAX);
        case 2 -> {
          if (answers.size() == COUNT_MAX) {
            throw new DecodeException("too many answers");
          }
          answers.add(getAnswer(in.nested()));
        }
        case 3 -> n = in.smallNumber(COUNT_MAX);
        case 4 -> bucketN = in.smallNumber(COUNT_MAX);
        case 5 -> epoch = in.number();
        case 6 -> coordinator = in.text(NodeId.LENGTH_MAX);
        case 7 -> checked = in.flag();
        case 8 -> session = getSession(in.nested());
        case 9 -> stamp = in.number();
        case 10 -> lost = in.smallNumber(Integer.MAX_VALUE);
        case 11 -> blind = in.smallNumber(Integer.MAX_VALUE);
        default -> in.skip();
      }
    }
    Receipt receipt =
        new Receipt(
            needed, answers, n, bucketN, epoch, RecordCodec.nodeId(coordinator), checked, session);
    return stamp == 0 ? receipt : receipt.with(new Receipt.Race(stamp, lost, blind));
  }

  private static Receipt.Answer getAnswer(WireReader in) throws DecodeException {
    String node = "";
    String machine = "";
    boolean primary = false;
    boolean synced = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> node = in.text(NodeId.LENGTH_MAX);
        case 2 -> machine = in.text(1024);
        case 3 -> primary = in.flag();
        case 4 -> synced = in.flag();
        default -> in.skip();
      }
    }
    return new Receipt.Answer(
        RecordCodec.nodeId(node),
        machine,
        primary,
        synced ? Durability.SYNCED : Durability.BUFFERED);
  }

  /// Fields: 1 kind (1 found, 2 not found, 3 applied, 4 rejected, 5 indeterminate), 2 receipt, 3
  /// record, 4 context, 5 reason, 6 expiry of the value that was put.
  public static void putOutcome(WireWriter out, int field, Outcome outcome) {
    int begun = out.begin(field);
    putReceipt(out, 2, outcome.receipt());
    switch (outcome) {
      case Outcome.Found(KeyRecord record, Receipt _) -> {
        out.number(1, 1);
        RecordCodec.putRecord(out, 3, record);
      }
      case Outcome.NotFound(CausalContext context, Receipt _) -> {
        out.number(1, 2);
        RecordCodec.putDots(out, 4, context.dots());
      }
      case Outcome.Applied(KeyRecord record, Receipt _, long expiry) -> {
        out.number(1, 3);
        RecordCodec.putRecord(out, 3, record);
        out.number(6, expiry);
      }
      case Outcome.Rejected(Reason reason, Receipt _) -> {
        out.number(1, 4);
        putReason(out, reason);
      }
      case Outcome.Indeterminate(Reason reason, Receipt _) -> {
        out.number(1, 5);
        putReason(out, reason);
      }
    }
    out.end(begun);
  }

  private static void putReason(WireWriter out, Reason reason) {
    int begun = out.begin(5);
    out.number(1, reason.code().number());
    out.number(2, reason.needed());
    out.number(3, reason.got());
    out.text(4, reason.detail());
    out.end(begun);
  }

  private static Reason getReason(WireReader in) throws DecodeException {
    int number = 0;
    int needed = 0;
    int got = 0;
    String detail = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> number = in.smallNumber(COUNT_MAX);
        case 2 -> needed = in.smallNumber(COUNT_MAX);
        case 3 -> got = in.smallNumber(COUNT_MAX);
        case 4 -> detail = in.text(4096);
        default -> in.skip();
      }
    }
    for (Reason.Code code : Reason.Code.values()) {
      if (code.number() == number) {
        return new Reason(code, needed, got, detail);
      }
    }
    throw new DecodeException("unknown reason " + number);
  }

  public static Outcome getOutcome(WireReader in) throws DecodeException {
    int kind = 0;
    Receipt receipt = null;
    KeyRecord record = KeyRecord.EMPTY;
    CausalContext context = CausalContext.EMPTY;
    Reason reason = null;
    long expiry = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> kind = in.smallNumber(5);
        case 2 -> receipt = getReceipt(in.nested());
        case 3 -> record = RecordCodec.getRecord(in.nested());
        case 4 -> context = new CausalContext(RecordCodec.getDots(in.nested()));
        case 5 -> reason = getReason(in.nested());
        case 6 -> expiry = in.number();
        default -> in.skip();
      }
    }
    if (receipt == null || (kind >= 4 && reason == null)) {
      throw new DecodeException("outcome without receipt or reason");
    }
    return switch (kind) {
      case 1 -> new Outcome.Found(record, receipt);
      case 2 -> new Outcome.NotFound(context, receipt);
      case 3 -> new Outcome.Applied(record, receipt, expiry);
      case 4 -> new Outcome.Rejected(java.util.Objects.requireNonNull(reason), receipt);
      case 5 -> new Outcome.Indeterminate(java.util.Objects.requireNonNull(reason), receipt);
      default -> throw new DecodeException("outcome of unknown kind");
    };
  }

  /// Fields: 1 bucket, 2 fixed, 3 dot, 4 context, 5 n, 6 r, 7 w, 8 pr, 9 pw, 10 dw, 11
  /// node_confirms, 12 not notfound_ok, 13 basic_quorum, 14 buffered, 15 sloppy, 16 default ttl in
  /// seconds, 17 last write wins.
  public static void putProperties(WireWriter out, PropertiesEntry entry) {
    RecordCodec.putBucket(out, 1, entry.bucket());
    out.flag(2, entry.fixed());
    RecordCodec.putDot(out, 3, entry.dot());
    RecordCodec.putDots(out, 4, entry.context().dots());
    BucketProperties properties = entry.properties();
    out.number(5, properties.n());
    putLevel(out, 6, properties.r());
    putLevel(out, 7, properties.w());
    putLevel(out, 8, properties.pr());
    putLevel(out, 9, properties.pw());
    putLevel(out, 10, properties.dw());
    putLevel(out, 11, properties.nodeConfirms());
    out.flag(12, !properties.notfoundOk());
    out.flag(13, properties.basicQuorum());
    out.flag(14, properties.durability() == Durability.BUFFERED);
    out.flag(15, properties.sloppy());
    out.number(16, properties.defaultTtlSeconds());
    out.flag(17, properties.lastWriteWins());
  }

  public static PropertiesEntry getProperties(WireReader in) throws DecodeException {
    BucketId bucket = null;
    boolean fixed = false;
    Dot dot = null;
    CausalContext context = CausalContext.EMPTY;
    int n = 0;
    Level[] levels = new Level[6];
    java.util.Arrays.fill(levels, Level.DEFAULT);
    boolean notfoundOk = true;
    boolean basicQuorum = false;
    boolean buffered = false;
    boolean sloppy = false;
    long ttl = 0;
    boolean lastWriteWins = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bucket = RecordCodec.getBucket(in.nested());
        case 2 -> fixed = in.flag();
        case 3 -> dot = RecordCodec.getDot(in.nested());
        case 4 -> context = new CausalContext(RecordCodec.getDots(in.nested()));
        case 5 -> n = in.smallNumber(BucketProperties.N_MAX);
        case 6, 7, 8, 9, 10, 11 -> levels[in.field() - 6] = getLevel(in);
        case 12 -> notfoundOk = !in.flag();
        case 13 -> basicQuorum = in.flag();
        case 14 -> buffered = in.flag();
        case 15 -> sloppy = in.flag();
        case 16 -> ttl = in.number();
        case 17 -> lastWriteWins = in.flag();
        default -> in.skip();
      }
    }
    if (bucket == null || dot == null || n < 1) {
      throw new DecodeException("bucket properties without bucket, dot or n");
    }
    BucketProperties properties =
        new BucketProperties(
            n,
            levels[0],
            levels[1],
            levels[2],
            levels[3],
            levels[4],
            levels[5],
            notfoundOk,
            basicQuorum,
            buffered ? Durability.BUFFERED : Durability.SYNCED,
            sloppy,
            Math.clamp(ttl, 0, BucketProperties.TTL_SECONDS_MAX),
            lastWriteWins ? Conflict.LWW_LOSSY : Conflict.SIBLINGS);
    return new PropertiesEntry(bucket, properties, fixed, dot, context);
  }
}
