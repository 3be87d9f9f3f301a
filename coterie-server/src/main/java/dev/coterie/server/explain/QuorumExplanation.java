// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.explain;

import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a choice of n, r, w and the rest promises and what it does not.
public sealed interface QuorumExplanation {
  /// No request with these settings can be met by this cluster.
  record Refused(String sentence) implements QuorumExplanation {}

  /// @param spec the numbers that requests are held to
  /// @param bucketN the bucket's n; above `spec.n()` where the cluster has fewer machines
  /// @param losses what holds with 0, 1, … of a key's machines lost, up to all of them
  /// @param guaranteed sentences
  /// @param notGuaranteed sentences
  record Explained(
      QuorumSpec spec,
      int bucketN,
      List<Loss> losses,
      List<String> guaranteed,
      List<String> notGuaranteed)
      implements QuorumExplanation {
    public Explained {
      losses = List.copyOf(losses);
      guaranteed = List.copyOf(guaranteed);
      notGuaranteed = List.copyOf(notGuaranteed);
    }
  }

  /// What holds with `machines` of a key's n machines lost.
  ///
  /// @param reads whether reads are served
  /// @param writes whether writes are served
  /// @param fresh whether a served read is sure to return every write acknowledged before it began,
  ///   or what replaced it; so also with the disks of those machines destroyed, as long as
  ///   `survives`
  /// @param survives whether every write acknowledged before is still on a disk or in the memory of
  ///   a machine that is left, with the disks of the lost ones destroyed before repair
  /// @param survivesPowerCut the same where all other machines lose power as well
  record Loss(
      int machines,
      boolean reads,
      boolean writes,
      boolean fresh,
      boolean survives,
      boolean survivesPowerCut) {}

  /// @param machines how many distinct machines the cluster has
  static QuorumExplanation of(BucketProperties bucket, QuorumOptions asked, int machines) {
    return switch (QuorumSpec.resolve(bucket, asked, machines)) {
      case QuorumSpec.Resolution.Invalid(_, String sentence) -> new Refused(sentence);
      case QuorumSpec.Resolution.Valid(QuorumSpec spec) -> {
        List<Loss> losses = new ArrayList<>();
        for (int lost = 0; lost <= spec.n(); lost++) {
          losses.add(loss(spec, lost, machines));
        }
        List<String> guaranteed = guaranteed(spec, bucket.n(), machines);
        if (bucket.defaultTtlSeconds() > 0) {
          guaranteed.add(
              say(
                  "A value whose put does not say how long it is to stay expires %s s after a node"
                      + " took the put (default_ttl); ttl=none keeps it for ever.",
                  bucket.defaultTtlSeconds()));
        }
        List<String> not = notGuaranteed(spec);
        if (bucket.lastWriteWins()) {
          not.add(
              "That an acknowledged write is kept: of writes at the same time the last one by the"
                  + " clocks of the nodes wins, and the others are thrown away without a word"
                  + " (conflict = lww-lossy).");
        }
        yield new Explained(spec, bucket.n(), losses, guaranteed, not);
      }
    };
  }

  private static Loss loss(QuorumSpec spec, int lost, int machines) {
    int left = spec.n() - lost;
    boolean reads = left >= readsNeed(spec);
    return new Loss(
        lost,
        reads,
        spec.sloppy()
            ? machines - lost >= writesNeed(spec) && left >= spec.pw()
            : left >= writesNeed(spec),
        // Who lost its disk has no vote until it is rebuilt: r of the others meet what is left of
        // w.
        reads && spec.readsMeetWrites(),
        spec.w() > lost,
        durableAcks(spec) > lost);
  }

  private static int readsNeed(QuorumSpec spec) {
    return Math.max(spec.r(), spec.nodeConfirms());
  }

  private static int writesNeed(QuorumSpec spec) {
    return Math.max(spec.w(), spec.nodeConfirms());
  }

  /// How many copies are past fsync when a write is acknowledged.
  private static int durableAcks(QuorumSpec spec) {
    return spec.durability() == Durability.SYNCED ? spec.w() : spec.dw();
  }

  private static List<String> guaranteed(QuorumSpec spec, int bucketN, int machines) {
    List<String> out = new ArrayList<>();
    int n = spec.n();
    int r = readsNeed(spec);
    int w = writesNeed(spec);
    int durable = durableAcks(spec);
    out.add(
        n == 1
            ? "Each key has one copy."
            : say("Each key has %s copies, each on a machine of its own.", n));
    if (n < bucketN) {
      out.add(
          say(
              "The bucket asks for n=%s, but the cluster has only %s: copies never double up on a"
                  + " machine, so n is %s and quorums are counted from that.",
              bucketN, machines(n), n));
    }
    out.add(
        spec.durability() == Durability.SYNCED
            ? say("A write is acknowledged when it is past fsync on %s.", machines(w))
            : say(
                "A write is acknowledged when %s have it, %s of them past fsync (buffered).",
                machines(w), durable == 0 ? "none" : Integer.toString(durable)));
    out.add(
        spec.w() == 1
            ? "An acknowledged write is there as long as the disk of the machine that acknowledged"
                + " it is."
            : say(
                "An acknowledged write outlives the destruction of any %s before repair.",
                disks(spec.w() - 1)));
    if (spec.sloppy()) {
      out.add(
          say(
              "Sloppy quorum: writes go on while any %s of the cluster's %s can be reached%s. For a"
                  + " machine of the key that is away another one stands in; it counts towards w,"
                  + " dw and node_confirms, and gives back what it holds.",
              w,
              machines(machines),
              spec.pw() == 0 ? "" : say(", %s of them of the key's own", spec.pw())));
    } else {
      out.add(
          n == w
              ? "Writes need every machine of the key."
              : say(
                  "Writes go on while any %s of the key's %s %s away.",
                  n - w, machines(n), are(n - w)));
    }
    out.add(
        n == r
            ? "Reads need every machine of the key."
            : say(
                "Reads go on while any %s of the key's %s %s away.",
                n - r, machines(n), are(n - r)));
    if (spec.readsMeetWrites()) {
      out.add(
          say(
              "r + w > n (%s + %s > %s): a read asks at least %s that acknowledged the last write,"
                  + " so it returns every write acknowledged before the read began, or what"
                  + " replaced it.",
              spec.r(), spec.w(), n, machines(spec.r() + spec.w() - n)));
    }
    if (spec.r() == n && !spec.sloppy()) {
      out.add("Reads ask every copy, so a later read never returns less than an earlier one.");
    }
    out.add(
        "Two writes that did not know of each other are both kept, as siblings; none replaces the"
            + " other silently.");
    return out;
  }

  private static List<String> notGuaranteed(QuorumSpec spec) {
    List<String> out = new ArrayList<>();
    int n = spec.n();
    int durable = durableAcks(spec);
    if (spec.sloppy()) {
      out.add(
          "Sloppy quorum: a write may be acknowledged by machines that only stand in, and until they"
              + " have given it back a read that asks the key's own may not return it, whatever r and"
              + " w are; nor does one that only stand-ins answer know of newer writes or deletes. The"
              + " receipt names who was a fallback; pr and pw count the key's own; a session"
              + " (X-Coterie-Session) waits or is refused.");
    } else if (!spec.readsMeetWrites()) {
      out.add(
          say(
              "r + w <= n (%s + %s <= %s): a read may ask only machines that the last acknowledged"
                  + " write has not reached yet, and return an older value%s. Writes go to all %s"
                  + " copies, so this usually lasts milliseconds, but with a machine away it lasts"
                  + " until it is repaired.",
              spec.r(), spec.w(), n, spec.notfoundOk() ? " or \"not found\"" : "", n));
    }
    if (n > 1 && (spec.r() < n || spec.sloppy())) {
      out.add(
          spec.readsMeetWrites()
              ? "Reads may go back: while a write is under way, or after it ended"
                  + " \"indeterminate\", one read may return it and the next one not."
              : "Reads may go back: one read may return a write and the next one not, at any time"
                  + " before all copies have it.");
    }
    out.add(
        "Not linearizable: there is no one order of all reads and writes, whatever r and w are."
            + " if_none_match and if_not_modified are checked, not atomic: another write may slip"
            + " in between.");
    if (!spec.sloppy()) {
      out.add(
          n == 1
              ? "With its machine away the key can be neither read nor written."
              : "Strict quorum: a fallback keeps a hint for a machine that is away and gives it back, but"
                  + " its copy does not count. With too few machines a write is rejected or"
                  + " indeterminate. pr and pw therefore only raise r and w.");
    }
    if (spec.w() == 1) {
      out.add(
          "One lost disk can take an acknowledged write with it, if no other copy had received it"
              + " yet.");
    }
    if (durable < spec.w()) {
      out.add(
          (durable == 0
                  ? "Buffered: after a power cut an acknowledged write may be gone from every"
                      + " machine that acknowledged it"
                  : say(
                      "Buffered: after a power cut only %s of the %s copies that were acknowledged"
                          + " is sure to be left",
                      durable, spec.w()))
              + (spec.r() + durable > n
                  ? ". "
                  : ", and a machine that is back may answer without it. ")
              + "A killed process loses nothing.");
    }
    if (!spec.notfoundOk()) {
      out.add(
          spec.basicQuorum()
              ? "\"Not found\" does not count towards r (notfound_ok=false); a missing key is"
                  + " answered once a majority has found nothing (basic_quorum)."
              : say(
                  "\"Not found\" does not count towards r (notfound_ok=false): a missing key is"
                      + " answered only when all %s have spoken or time is up.",
                  machines(n)));
    }
    out.add(
        "A value with a TTL ends by the clock of the node that is asked: nodes whose clocks differ"
            + " disagree about it for as long as they differ.");
    out.add(
        "A request that ends \"indeterminate\" may have been applied, or may be applied later: read"
            + " before you write again.");
    return out;
  }

  private static String machines(int count) {
    return count == 1 ? "1 machine" : count + " machines";
  }

  private static String are(int count) {
    return count == 1 ? "is" : "are";
  }

  private static String disks(int count) {
    return count == 1 ? "1 disk" : count + " disks";
  }

  private static String say(String sentence, Object... values) {
    return String.format(Locale.ROOT, sentence, values);
  }
}
