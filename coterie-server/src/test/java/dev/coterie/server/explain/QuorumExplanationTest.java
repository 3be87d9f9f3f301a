// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The explanation against a count over all sets of machines, and its words as they are printed.
final class QuorumExplanationTest {
  private static final Path WORDS = Path.of("src", "test", "resources", "explanations");

  private static BucketProperties bucket(int n, int r, int w, int dw, Durability durability) {
    return new BucketProperties(
        n,
        Level.of(r),
        Level.of(w),
        Level.of(0),
        Level.of(0),
        Level.of(dw),
        Level.of(0),
        true,
        false,
        durability);
  }

  private static QuorumExplanation.Explained explained(BucketProperties bucket, int machines) {
    return switch (QuorumExplanation.of(bucket, QuorumOptions.DEFAULT, machines)) {
      case QuorumExplanation.Explained explained -> explained;
      case QuorumExplanation.Refused(String sentence) -> throw new AssertionError(sentence);
    };
  }

  @Test
  void lossesEqualACountOverAllSetsOfMachines() {
    for (int n = 1; n <= 5; n++) {
      for (int r = 1; r <= n; r++) {
        for (int w = 1; w <= n; w++) {
          for (int dw = 0; dw <= w; dw++) {
            for (Durability durability : Durability.values()) {
              QuorumExplanation.Explained explained =
                  explained(bucket(n, r, w, dw, durability), n + 1);
              int fsynced = durability == Durability.SYNCED ? w : dw;
              assertThat(explained.losses()).hasSize(n + 1);
              for (QuorumExplanation.Loss loss : explained.losses()) {
                assertThat(loss)
                    .as("n=%d r=%d w=%d dw=%d %s", n, r, w, dw, durability)
                    .isEqualTo(counted(n, r, w, fsynced, loss.machines()));
              }
            }
          }
        }
      }
    }
  }

  /// Tries every set of machines that may have acknowledged, be lost, be fsynced and be read.
  private static QuorumExplanation.Loss counted(int n, int r, int w, int fsynced, int lost) {
    boolean reads = false;
    boolean writes = false;
    boolean fresh = true;
    boolean freshAfterDestruction = true;
    boolean survives = true;
    boolean survivesPowerCut = true;
    for (int gone = 0; gone < 1 << n; gone++) {
      if (Integer.bitCount(gone) != lost) {
        continue;
      }
      int up = ((1 << n) - 1) & ~gone;
      reads |= Integer.bitCount(up) >= r;
      writes |= Integer.bitCount(up) >= w;
      for (int acked = 0; acked < 1 << n; acked++) {
        if (Integer.bitCount(acked) != w) {
          continue;
        }
        survives &= (acked & up) != 0;
        for (int synced = acked; ; synced = (synced - 1) & acked) {
          if (Integer.bitCount(synced) == fsynced) {
            survivesPowerCut &= (synced & up) != 0;
          }
          if (synced == 0) {
            break;
          }
        }
        for (int asked = 0; asked < 1 << n; asked++) {
          if (Integer.bitCount(asked) == r && (asked & ~up) == 0) {
            fresh &= (asked & acked) != 0;
            freshAfterDestruction &= (acked & up) == 0 || (asked & acked & up) != 0;
          }
        }
      }
    }
    assertThat(freshAfterDestruction || !fresh).isTrue();
    return new QuorumExplanation.Loss(
        lost, reads, writes, reads && fresh, survives, survivesPowerCut);
  }

  @Test
  void numbersAboveTheMachinesAreRefusedAndWordsAreCountedFromThem() {
    assertThat(
            QuorumExplanation.of(bucket(3, 2, 3, 0, Durability.SYNCED), QuorumOptions.DEFAULT, 2))
        .isEqualTo(
            new QuorumExplanation.Refused(
                "w is 3 but must be from 1 to n = 2 (the cluster has 2 machines for n_val = 3)"));
    QuorumExplanation.Explained one = explained(BucketProperties.DEFAULT, 1);
    assertThat(one.spec().n()).isEqualTo(1);
    assertThat(one.spec().w()).isEqualTo(1);
    assertThat(one.bucketN()).isEqualTo(3);
  }

  @Test
  void theRequestMayAskForMoreOrLessThanTheBucket() {
    QuorumExplanation explanation =
        QuorumExplanation.of(BucketProperties.DEFAULT, QuorumOptions.DEFAULT.withR(Level.of(1)), 3);
    assertThat(ExplanationText.of(explanation)).contains("r + w <= n (1 + 2 <= 3)");
  }

  /// The words, as files to be read and reviewed; `-Ddocs.rewrite` writes them again.
  @Test
  void theWordsAreThoseReviewed() throws IOException {
    check("default-on-three-machines", BucketProperties.DEFAULT, 3);
    check("default-on-two-machines", BucketProperties.DEFAULT, 2);
    check("default-on-one-machine", BucketProperties.DEFAULT, 1);
    check("n3-r1-w1", bucket(3, 1, 1, 0, Durability.SYNCED), 3);
    check("n3-r1-w3", bucket(3, 1, 3, 0, Durability.SYNCED), 3);
    check("n3-r3-w1", bucket(3, 3, 1, 0, Durability.SYNCED), 3);
    check("n3-r2-w2-buffered", bucket(3, 2, 2, 0, Durability.BUFFERED), 3);
    check("n5-r3-w3-dw1-buffered", bucket(5, 3, 3, 1, Durability.BUFFERED), 9);
    check("n3-sloppy-on-five-machines", BucketProperties.DEFAULT.withSloppy(true), 5);
    check("n3-w3-on-two-machines", bucket(3, 2, 3, 0, Durability.SYNCED), 2);
  }

  private static void check(String name, BucketProperties bucket, int machines) throws IOException {
    Path file = WORDS.resolve(name + ".txt");
    String words =
        ExplanationText.of(QuorumExplanation.of(bucket, QuorumOptions.DEFAULT, machines));
    assertThat(words.lines()).allMatch(line -> line.length() <= 100);
    if (System.getProperty("docs.rewrite") != null) {
      Files.writeString(file, words);
    }
    assertThat(words).as(name).isEqualTo(Files.readString(file));
  }

  @Test
  void everyPromiseOfFreshnessNamesItsCondition() {
    for (int n = 1; n <= 4; n++) {
      for (int r = 1; r <= n; r++) {
        for (int w = 1; w <= n; w++) {
          QuorumExplanation.Explained explained =
              explained(bucket(n, r, w, 0, Durability.SYNCED), n);
          String promised = String.join("\n", explained.guaranteed());
          String not = String.join("\n", explained.notGuaranteed());
          assertThat(promised.contains("r + w > n")).isEqualTo(r + w > n);
          assertThat(not.contains("r + w <= n")).isEqualTo(r + w <= n);
          assertThat(not).contains("Not linearizable");
          assertThat(not.contains("Reads may go back")).isEqualTo(r < n);
          assertThat(List.of(promised, not)).noneMatch(text -> text.contains("%"));
        }
      }
    }
  }
}
