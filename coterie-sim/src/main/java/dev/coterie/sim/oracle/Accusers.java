// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.membership.Suspicion;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MembershipMessage.IndirectProbe;
import dev.coterie.core.message.MembershipMessage.Probe;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O18: who accuses another has asked it, and given it the time to answer: that of a pause
/// of its own does not count (F51). And before it declares the other dead, it has asked once more.
final class Accusers implements Observer {
  private static final MessageKind[] KINDS = {MessageKind.PROBE, MessageKind.INDIRECT_PROBE};

  /// A probe for somebody else leaves so soon after it was asked for, pauses aside.
  private static final long HELP_NANOS = 2_000_000_000L;

  /// When a member did something.
  ///
  /// @param pauses how often it had been paused by then, `pausedNanos` in all
  private record Moment(long at, int pauses, long pausedNanos) {}

  /// An accusation of a member's own.
  ///
  /// @param of the accused's incarnation: it is another suspicion with another
  /// @param asked when the accused was probed since, or was to be
  private record Accusation(Incarnation of, Moment moment, List<Long> asked) {}

  private final World world;
  private final Consumer<String> violated;
  private final SortedMap<Link, Moment> questions = new TreeMap<>();
  private final SortedMap<Link, Accusation> accusations = new TreeMap<>();

  /// Probes that a member owes to those who asked it to help, and when one may last have been sent.
  private final SortedMap<Link, Integer> owed = new TreeMap<>();

  private final SortedMap<Link, Long> helped = new TreeMap<>();

  Accusers(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void delivered(NodeId from, NodeId to, Bytes bytes) {
    if (Messages.among(KINDS, bytes) instanceof IndirectProbe(long _, NodeId target, var _)) {
      owed.merge(new Link(to, target), 1, Integer::sum);
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes bytes) {
    if (!(Messages.among(KINDS, bytes) instanceof Probe)) {
      return;
    }
    Link link = new Link(from, to);
    asked(link);
    if (owed.getOrDefault(link, 0) > 0) {
      owed.merge(link, -1, Integer::sum);
      helped.put(link, world.now());
      Moment unused = questions.remove(link);
    } else if (world.now() - helped.getOrDefault(link, -HELP_NANOS) >= HELP_NANOS) {
      questions.put(link, momentOf(from));
    }
  }

  @Override
  public void notSent(NodeId from, NodeId to, Bytes bytes) {
    if (Messages.among(KINDS, bytes) instanceof Probe) {
      Link link = new Link(from, to);
      asked(link);
      Moment unused = questions.remove(link);
    }
  }

  private void asked(Link link) {
    Accusation accusation = accusations.get(link);
    if (accusation != null) {
      accusation.asked.add(world.node(link.from()).nanos());
    }
  }

  private Moment momentOf(NodeId member) {
    SimNode node = world.node(member);
    return new Moment(node.nanos(), node.pauses(), node.pausedNanos());
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (!(what instanceof Observation.MemberChanged(MemberView view))) {
      return;
    }
    Link link = new Link(at, view.node());
    Accusation before = accusations.remove(link);
    switch (view.status()) {
      case ALIVE -> {}
      case SUSPECT -> {
        if (before != null && before.of.equals(view.incarnation())) {
          accusations.put(link, before); // what has changed is something else
        } else if (view.why().equals("gave no answer to " + at)) {
          accusations.put(
              link, new Accusation(view.incarnation(), momentOf(at), new ArrayList<>()));
          Moment question = questions.get(link);
          if (question != null) {
            judge(link, "suspects", question, "it asked", config().probeTimeoutNanos() / 2);
          }
        }
      }
      case DEAD -> {
        if (before != null
            && view.why().endsWith("declared by " + at)
            && !world.node(at).hasBegunAnew()) {
          judge(link, "declared dead", before.moment, "it suspected", refuteNanos() / 2);
          if (!isAskedOnceMore(before, world.node(at).nanos())) {
            violated.accept(at + " declared " + view.node() + " dead and did not ask it once more");
          }
        }
      }
    }
  }

  /// A pause is told from a wait by its length alone, so what it began in the midst of passes for
  /// over; half of the time is left where there was one pause.
  private void judge(Link link, String verdict, Moment since, String what, long leastNanos) {
    Moment now = momentOf(link.from());
    long paused = now.pausedNanos - since.pausedNanos;
    long awake = now.at - since.at - paused;
    if (now.pauses == since.pauses + 1 && awake < leastNanos) {
      violated.accept(
          String.format(
              Locale.ROOT,
              "%s %s %s, which %s %d ms ago, its own pause of %d ms aside",
              link.from(),
              verdict,
              link.to(),
              what,
              awake / 1_000_000L,
              paused / 1_000_000L));
    }
  }

  /// @param now by the clock of who accuses, as all that it has asked
  private boolean isAskedOnceMore(Accusation accusation, long now) {
    return accusation.asked.stream()
        .anyMatch(
            at ->
                at >= accusation.moment.at + refuteNanos()
                    && at <= now - config().probeIntervalNanos() / 2);
  }

  /// The shortest time that a suspect has to refute.
  private long refuteNanos() {
    return Suspicion.minNanos(
        config().suspicionMult(), world.nodes().size(), config().probeIntervalNanos());
  }

  private MembershipConfig config() {
    return world.config().membership();
  }

  @Override
  public void began(NodeId node) {
    questions.keySet().removeIf(link -> link.from().equals(node));
    accusations.keySet().removeIf(link -> link.from().equals(node));
    owed.keySet().removeIf(link -> link.from().equals(node));
  }
}
