// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.message.Session;
import dev.coterie.core.ring.GroupId;
import org.junit.jupiter.api.Test;

/// Session tokens come back as they were, however they grow, and no other bytes are taken.
class SessionTokenTest {
  private static final SessionToken TOKENS =
      new ContextToken(new SipHash(1, 2), 3, "shop").sessions();

  private static ActorId actor(int i) {
    return new ActorId(new NodeId("node-" + i % 9), 1 + i, 0x1122334455667788L * (i + 1), i);
  }

  private static Session drawn(Prng prng, int uses) {
    Session session = Session.NEW;
    for (int i = 0; i < uses; i++) {
      Dot dot = new Dot(actor(prng.nextInt(6)), 1 + prng.nextInt(1 << prng.between(1, 30)));
      session =
          session.seen(
              new GroupId(1 + prng.nextInt(3), prng.nextInt(1 << prng.nextInt(12))),
              DotSet.of(dot));
    }
    return session;
  }

  @Test
  void whatFitsComesBackEqual() {
    for (long seed = 1; seed <= 2_000; seed++) {
      Prng prng = new Prng(seed);
      Session session = drawn(prng, prng.nextInt(20));
      assertThat(TOKENS.open(TOKENS.seal(session))).as("seed %s", seed).isEqualTo(session);
    }
  }

  /// The outcome of too many groups: those used last stay, and the token says that it has
  /// forgotten.
  @Test
  void theGroupsUsedLongestAgoAreForgottenAndTheTokenSaysSo() {
    Session session = Session.NEW;
    for (int i = 0; i < 1_000; i++) {
      session = session.seen(new GroupId(3, i), DotSet.of(new Dot(actor(i % 5), i + 1L)));
      byte[] token = TOKENS.seal(session);
      assertThat(token.length).isLessThanOrEqualTo(SessionToken.LENGTH_MAX);
      Session opened = TOKENS.open(token);
      assertThat(opened).isNotNull();
      if (opened != null) {
        session = opened;
      }
      assertThat(session.groups().getFirst().group()).isEqualTo(new GroupId(3, i));
    }
    assertThat(session.forgot()).isTrue();
    assertThat(session.groups().size()).isGreaterThan(80);
    assertThat(session.floor(new GroupId(3, 990)).isEmpty()).isFalse();
    assertThat(session.floor(new GroupId(3, 0)).isEmpty()).isTrue();
  }

  /// A token never asks for less than its session without saying so: what is kept of a group is its
  /// whole floor, and what is not kept is forgotten aloud, be it the group used last.
  @Test
  void aTokenAsksForAllOrSaysThatItHasForgotten() {
    int forgotten = 0;
    for (long seed = 1; seed <= 300; seed++) {
      Prng prng = new Prng(seed);
      Session session = Session.NEW;
      for (int group = (int) prng.between(1, 6); group > 0; group--) {
        DotSet dots = DotSet.EMPTY;
        for (int i = (int) prng.between(1, 500); i > 0; i--) {
          dots = dots.with(new Dot(actor(prng.nextInt(1 << 16)), 1 + prng.nextInt(1 << 20)));
        }
        session = session.seen(new GroupId(3, group), dots);
      }
      byte[] token = TOKENS.seal(session);
      assertThat(token.length).isLessThanOrEqualTo(SessionToken.LENGTH_MAX);
      Session opened = TOKENS.open(token);
      assertThat(opened).as("seed %s", seed).isNotNull();
      if (opened != null) {
        boolean whole = true;
        for (Session.Seen seen : session.groups()) {
          DotSet floor = opened.floor(seen.group());
          assertThat(floor.isEmpty() || floor.containsAll(seen.floor())).isTrue();
          whole &= !floor.isEmpty();
        }
        assertThat(opened.forgot()).as("seed %s", seed).isEqualTo(!whole);
        forgotten += whole ? 0 : 1;
      }
    }
    assertThat(forgotten).isBetween(50, 299);
  }

  @Test
  void everyOtherTokenIsRefused() {
    Session session = drawn(new Prng(7), 12);
    byte[] token = TOKENS.seal(session);
    for (int i = 0; i < token.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = token.clone();
        changed[i] ^= (byte) (1 << bit);
        assertThat(TOKENS.open(changed)).as("bit %s of byte %s", bit, i).isNull();
      }
      assertThat(TOKENS.open(java.util.Arrays.copyOf(token, i))).isNull();
    }
    assertThat(TOKENS.open(new byte[SessionToken.LENGTH_MAX + 1])).isNull();
    SessionToken other = new ContextToken(new SipHash(1, 2), 3, "shop2").sessions();
    assertThat(other.open(token)).isNull();
    SessionToken secret = new ContextToken(new SipHash(1, 3), 3, "shop").sessions();
    assertThat(secret.open(token)).isNull();
    SessionToken rotated = new ContextToken(new SipHash(1, 2), 4, "shop").sessions();
    assertThat(rotated.open(token)).isNull();
  }

  /// The floor of a group is everything of each actor up to its highest dot.
  @Test
  void aSessionKeepsTheHighestDotOfEachActor() {
    GroupId group = new GroupId(3, 1);
    Session session =
        Session.NEW
            .seen(group, DotSet.of(new Dot(actor(1), 5), new Dot(actor(2), 1)))
            .seen(group, DotSet.of(new Dot(actor(1), 3)));
    assertThat(session.floor(group))
        .isEqualTo(DotSet.EMPTY.withRange(actor(1), 1, 5).withRange(actor(2), 1, 1));
    assertThat(Session.tops(session.floor(group)))
        .isEqualTo(DotSet.of(new Dot(actor(1), 5), new Dot(actor(2), 1)));
    assertThat(session.only(new GroupId(3, 2)).groups()).isEmpty();
    assertThat(Session.NONE.only(group)).isEqualTo(Session.NONE);
  }
}
