// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.host.identity.Identity;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.NodeDisk.Opened;
import dev.coterie.host.identity.Opening;
import dev.coterie.host.identity.Upgrade;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The start of a node on a disk that may have failed, through the same code as a real node's.
class NodeDiskTest {
  private final SimDisk disk = closed(new SimDisk());
  private final SimIdentity file = new SimIdentity();
  private final Prng prng = new Prng(5);

  @Test
  void aNewDirectoryStartsFreshAndResumesAfterACleanStop() throws Exception {
    NodeDisk first = start();
    assertThat(first.verdict()).isEqualTo(new Verdict.Fresh(first.identity().storeId(), 1));
    write(first, "k");
    first.stop();

    NodeDisk second = start();
    assertThat(second.verdict()).isEqualTo(new Verdict.Resume(first.identity().storeId(), 2, true));
    assertThat(second.store().get(Table.RECORDS, bytes("k"))).isNotNull();
    assertThat(second.remarks()).isEmpty();
  }

  @Test
  void aKilledNodeResumesWithoutTheMarkOfACleanStop() throws Exception {
    NodeDisk first = start();
    write(first, "k");
    disk.close();
    assertThat(start().verdict())
        .isEqualTo(new Verdict.Resume(first.identity().storeId(), 2, false));
  }

  @Test
  void anUncleanStartTakesTheMarkOfACleanStopAway() throws Exception {
    start().stop();
    start();
    disk.close();
    assertThat(((Verdict.Resume) start().verdict()).clean()).isFalse();
  }

  @Test
  void aPowerCutThatTakesOnlyWhatWasNotSyncedIsNoLoss() throws Exception {
    NodeDisk first = start();
    syncedWrites(first, 10);
    write(first, "unsynced");
    disk.crash(prng, CrashMode.DROP_ALL);
    assertThat(start().verdict()).isInstanceOf(Verdict.Resume.class);
  }

  /// Only a peer can tell a new node from a wiped one: until one has, every start is a first one.
  @Test
  void aNewNodeIsNewUntilItIsConfirmed() throws Exception {
    ready(open("shop", "n1", file, opener(disk), List.of())).stop();

    NodeDisk second = ready(open("shop", "n1", file, opener(disk), List.of()));
    assertThat(second.verdict()).isEqualTo(new Verdict.Fresh(second.identity().storeId(), 2));
    assertThat(second.identity().lostAt()).isEqualTo(Identity.NEW);
    second.rebuilt();
    second.stop();
    assertThat(start().verdict()).isInstanceOf(Verdict.Resume.class);
  }

  /// F04.
  @Test
  void aStoreThatWentBackBelowItsWatermarkIsAmnesiacUntilRebuilt() throws Exception {
    NodeDisk first = start();
    syncedWrites(first, 10);
    disk.close();
    disk.truncateTo(first.identity().watermark() - 3);

    NodeDisk second = start();
    assertThat(second.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(((Verdict.Amnesiac) second.verdict()).reason()).contains("went back");
    assertThat(second.verdict().boot()).isEqualTo(2);
    syncedWrites(second, 30);
    disk.close();

    NodeDisk third = start();
    assertThat(third.verdict()).as("not yet rebuilt").isInstanceOf(Verdict.Amnesiac.class);
    third.rebuilt();
    third.stop();
    assertThat(start().verdict()).isInstanceOf(Verdict.Resume.class);
  }

  /// F01: a wiped disk beside the identity file that remembers it.
  @Test
  void aWipedStoreIsAmnesiacUnderANewStoreId() throws Exception {
    NodeDisk first = start();
    syncedWrites(first, 3);
    disk.close();
    SimImage old = disk.snapshot();
    disk.wipe();

    NodeDisk second = start();
    assertThat(second.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(second.verdict().boot()).isEqualTo(2);
    assertThat(second.identity().storeId()).isNotEqualTo(first.identity().storeId());

    disk.close();
    disk.restore(old);
    assertThat(refused().reason()).as("the old store turns up again").contains("store");
  }

  /// F45: yesterday's snapshot of the store, without its identity file.
  @Test
  void anOldImageOfTheStoreIsAmnesiac() throws Exception {
    NodeDisk first = start();
    syncedWrites(first, 3);
    SimImage yesterday = disk.snapshot();
    syncedWrites(first, 3);
    disk.close();
    disk.restore(yesterday);
    assertThat(start().verdict()).isInstanceOf(Verdict.Amnesiac.class);
  }

  @Test
  void anOldIdentityFileIsAmnesiacAboveBothBoots() throws Exception {
    start().stop();
    SimIdentity.Image old = file.snapshot();
    start().stop();
    start().stop();
    file.restore(old);
    NodeDisk now = start();
    assertThat(now.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(now.verdict().boot()).isEqualTo(4);
  }

  @Test
  void aLostIdentityFileIsAmnesiacFarAboveTheBootOfTheStore() throws Exception {
    start().stop();
    NodeDisk last = start();
    disk.close();
    file.lose();
    NodeDisk now = start();
    assertThat(now.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(now.verdict().boot()).isEqualTo(2 + Opening.BOOT_JUMP);
    assertThat(now.identity().storeId()).isEqualTo(last.identity().storeId());
  }

  /// F45: the directories of two nodes were swapped, whole or the store alone.
  @Test
  void theStoreOfAnotherNodeIsRefusedAndLeftAlone() throws Exception {
    start().stop();
    SimImage mine = disk.snapshot();
    SimDisk otherDisk = closed(new SimDisk());
    SimIdentity otherFile = new SimIdentity();
    ready(open("shop", "n2", otherFile, opener(otherDisk), List.of())).stop();

    Opened wholeDirectory = open("shop", "n1", otherFile, opener(otherDisk), List.of());
    assertThat(((Opened.Refused) wholeDirectory).verdict().reason()).contains("n1").contains("n2");

    SimImage theirs = otherDisk.snapshot();
    disk.restore(theirs);
    SimIdentity.Image before = file.snapshot();
    assertThat(refused().reason()).contains("n1").contains("n2");
    assertThat(disk.isOpen()).isFalse();
    assertThat(file.snapshot()).isEqualTo(before);

    disk.restore(mine);
    assertThat(start().verdict()).isInstanceOf(Verdict.Resume.class);
  }

  /// F07, F45: the whole directory is an old image or was wiped; only the peers know.
  @Test
  void aBootThatPeersKnowIsOutbidForGood() throws Exception {
    NodeDisk first = start();
    assertThat(first.raiseBootAbove(40)).isEqualTo(41);
    assertThat(first.identity().boot()).isEqualTo(41);
    write(first, "k");
    disk.crash(prng, CrashMode.DROP_ALL);

    NodeDisk second = start();
    assertThat(second.verdict().boot()).isEqualTo(42);
    assertThat(second.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(second.raiseBootAbove(7)).as("never back").isEqualTo(43);
    disk.close();
    file.lose();
    assertThat(start().verdict().boot()).as("the row knows it too").isEqualTo(43 + 1000);
  }

  @Test
  void aDamagedRowIsRefused() throws Exception {
    start().stop();
    disk.corrupt(Table.META, bytes("identity"));
    assertThat(refused().wayOut()).contains("move the store's directory away");
  }

  @Test
  void aCopyThatWasDamagedIsRemarked() throws Exception {
    start().stop();
    file.damage(0);
    assertThat(start().remarks()).singleElement().asString().contains("identity-a is damaged");
  }

  @Test
  void aCleanStopThatCannotSyncIsNotMarkedAndStillCloses() throws Exception {
    NodeDisk first = start();
    write(first, "k");
    disk.failNextSyncs(1, prng);
    assertThatThrownBy(first::stop).isInstanceOf(StoreException.class);
    assertThat(disk.isOpen()).isFalse();
    assertThat(((Verdict.Resume) start().verdict()).clean()).isFalse();
  }

  @Test
  void aLogThatFailsItsCleanCheckIsOpenedForWhatIsLeft() throws Exception {
    NodeDisk first = start();
    syncedWrites(first, 5);
    first.stop();
    List<Boolean> asked = new ArrayList<>();
    NodeDisk second =
        ready(
            open(
                "shop",
                "n1",
                file,
                clean -> {
                  asked.add(clean);
                  if (clean) {
                    disk.truncateTo(disk.latestSequence() - 2);
                    throw new StoreException(StoreException.Kind.CANNOT_OPEN, "damaged log");
                  }
                  disk.reopen();
                  return disk;
                },
                List.of()));
    assertThat(asked).containsExactly(true, false);
    assertThat(second.verdict()).isInstanceOf(Verdict.Amnesiac.class);
  }

  /// What a start was about to judge when it was cut short.
  enum Scene {
    NEW,
    STOPPED,
    KILLED,
    WENT_BACK,
    WIPED,
    IDENTITY_LOST,
    IDENTITY_WENT_BACK
  }

  /// The power is cut after each single step of a start, with every fate of the unsynced rest. The
  /// next start must come to the same conclusion, under a higher boot than any that could have
  /// minted.
  @ParameterizedTest
  @EnumSource(Scene.class)
  void aStartCutShortAnywhereIsJudgedTheSameByTheNext(Scene scene) throws Exception {
    int steps = 0;
    for (int cutAfter = 0; ; cutAfter++) {
      for (CrashMode mode : List.of(CrashMode.DROP_ALL, CrashMode.KEEP_ALL)) {
        SimDisk hurt = closed(new SimDisk());
        SimIdentity identity = new SimIdentity();
        long boots = play(scene, hurt, identity);
        Cut cut = new Cut(hurt, identity, cutAfter);
        boolean whole = cut.run();
        steps = cut.steps;
        hurt.crash(prng, mode);

        NodeDisk next = ready(open("shop", "n1", identity, opener(hurt), List.of()));
        String as = scene + " cut after " + cutAfter + " " + mode;
        assertThat(next.verdict().boot()).as(as).isGreaterThan(boots);
        switch (scene) {
          case NEW, STOPPED, KILLED ->
              assertThat(next.verdict()).as(as).isNotInstanceOf(Verdict.Amnesiac.class);
          case WENT_BACK, WIPED, IDENTITY_LOST, IDENTITY_WENT_BACK ->
              assertThat(next.verdict()).as(as).isInstanceOf(Verdict.Amnesiac.class);
        }
        if (whole && mode == CrashMode.KEEP_ALL) {
          assertThat(steps).isGreaterThanOrEqualTo(4);
          return;
        }
      }
    }
  }

  /// Brings the disk to where the start begins.
  ///
  /// @return the highest boot that may have minted
  private long play(Scene scene, SimDisk hurt, SimIdentity identity) throws Exception {
    if (scene == Scene.NEW) {
      return 0;
    }
    ready(open("shop", "n1", identity, opener(hurt), List.of())).stop();
    SimIdentity.Image old = identity.snapshot();
    NodeDisk second = ready(open("shop", "n1", identity, opener(hurt), List.of()));
    syncedWrites(second, 5);
    if (scene == Scene.STOPPED) {
      second.stop();
      return 2;
    }
    hurt.close();
    switch (scene) {
      case WENT_BACK -> hurt.truncateTo(hurt.latestSequence() - 2);
      case WIPED -> hurt.wipe();
      case IDENTITY_LOST -> identity.lose();
      case IDENTITY_WENT_BACK -> identity.restore(old);
      case NEW, STOPPED, KILLED -> {}
    }
    return 2;
  }

  /// A start whose power is cut after a number of disk operations.
  private final class Cut {
    private final SimDisk disk;
    private final SimIdentity file;
    private final int after;
    int steps;

    Cut(SimDisk disk, SimIdentity file, int after) {
      this.disk = disk;
      this.file = file;
      this.after = after;
    }

    boolean run() throws Exception {
      try {
        return open("shop", "n1", identity(), this::store, List.of()) instanceof Opened.Ready;
      } catch (IdentityException | StoreException e) {
        assertThat(e).hasMessageContaining("cut");
        return false;
      }
    }

    private boolean cut() {
      return steps++ >= after;
    }

    private IdentityPort identity() {
      return new IdentityPort() {
        @Override
        public Loaded load() {
          return file.load();
        }

        @Override
        public void save(Identity identity) throws IdentityException {
          if (cut()) {
            throw new IdentityException("cut", new IllegalStateException("the power was cut"));
          }
          file.save(identity);
        }
      };
    }

    private Store store(boolean clean) throws StoreException {
      disk.reopen();
      return new Store() {
        @Override
        public byte @Nullable [] get(Table table, byte[] key) throws StoreException {
          return disk.get(table, key);
        }

        @Override
        public long write(WriteBatch batch) throws StoreException {
          if (cut()) {
            throw new StoreException(StoreException.Kind.IO, "cut");
          }
          return disk.write(batch);
        }

        @Override
        public void sync() throws StoreException {
          if (cut()) {
            throw new StoreException(StoreException.Kind.IO, "cut");
          }
          disk.sync();
        }

        @Override
        public long latestSequence() {
          return disk.latestSequence();
        }

        @Override
        public Cursor scan(Table table, byte[] from, byte @Nullable [] to) throws StoreException {
          return disk.scan(table, from, to);
        }

        @Override
        public void verifyChecksums() throws StoreException {
          disk.verifyChecksums();
        }

        @Override
        public void close() {
          // The crash that follows closes the disk.
        }
      };
    }
  }

  @Test
  void anOldFormatIsBroughtUpInOrderOrRefused() throws Exception {
    start().stop();
    disk.reopen();
    byte[] row = disk.get(Table.META, bytes("identity"));
    assertThat(row).isNotNull();
    String old = new String(row, UTF_8).replace("format=1", "format=0");
    disk.write(new WriteBatch().put(Table.META, bytes("identity"), bytes(old)));
    disk.close();
    assertThat(refused().reason()).contains("format 0").contains("format 1");

    Upgrade fromZero =
        new Upgrade(
            0, store -> store.write(new WriteBatch().put(Table.META, bytes("up"), bytes("1"))));
    NodeDisk upgraded = ready(open("shop", "n1", file, opener(disk), List.of(fromZero)));
    assertThat(upgraded.store().get(Table.META, bytes("up"))).isEqualTo(bytes("1"));
    upgraded.stop();
    assertThat(start().verdict()).isInstanceOf(Verdict.Resume.class);
  }

  /// A start; where the node was new, the others confirm it.
  private NodeDisk start() throws Exception {
    NodeDisk ready = ready(open("shop", "n1", file, opener(disk), List.of()));
    if (ready.verdict() instanceof Verdict.Fresh) {
      ready.rebuilt();
    }
    return ready;
  }

  private Verdict.Refuse refused() throws Exception {
    return ((Opened.Refused) open("shop", "n1", file, opener(disk), List.of())).verdict();
  }

  private Opened open(
      String cluster,
      String node,
      IdentityPort port,
      NodeDisk.StoreOpener opener,
      List<Upgrade> upgrades)
      throws StoreException, IdentityException {
    return NodeDisk.open(cluster, new NodeId(node), port, opener, upgrades, prng.nextLong());
  }

  private static NodeDisk ready(Opened opened) {
    return ((Opened.Ready) opened).disk();
  }

  private static NodeDisk.StoreOpener opener(SimDisk disk) {
    return clean -> {
      disk.reopen();
      return disk;
    };
  }

  private static SimDisk closed(SimDisk disk) {
    disk.close();
    return disk;
  }

  private static void write(NodeDisk disk, String key) throws StoreException {
    disk.store().write(new WriteBatch().put(Table.RECORDS, bytes(key), bytes("v")));
  }

  private static void syncedWrites(NodeDisk disk, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      write(disk, "s" + i);
      disk.store().sync();
      disk.raiseWatermark(disk.store().latestSequence());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
