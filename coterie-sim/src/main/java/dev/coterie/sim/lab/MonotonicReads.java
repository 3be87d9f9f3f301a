// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Summary.Share;
import java.util.List;
import java.util.TreeMap;

/// How often a client's read shows less than its last read of the same key did: the share of reads
/// that had one before them. A read that began before the last one had ended is compared with the
/// one before that.
final class MonotonicReads {
  private record Who(int client, int key) implements Comparable<Who> {
    @Override
    public int compareTo(Who other) {
      return client != other.client
          ? Integer.compare(client, other.client)
          : Integer.compare(key, other.key);
    }
  }

  private MonotonicReads() {}

  static Share goneBack(List<LabOperation> operations, Ledger ledger) {
    TreeMap<Who, LabOperation> last = new TreeMap<>();
    long compared = 0;
    long back = 0;
    for (LabOperation read : operations) {
      if (read.write || read.result != Result.OK) {
        continue;
      }
      Who who = new Who(read.client, read.key);
      LabOperation before = last.get(who);
      if (before != null && before.ended > read.began) {
        continue;
      }
      if (before != null && before.versions.length > 0) {
        compared++;
        Past now = ledger.past(read.versions);
        boolean shows = true;
        for (int id : before.versions) {
          shows &= now.contains(operations.get(id - 1).ordinal);
        }
        back += shows ? 0 : 1;
      }
      last.put(who, read);
    }
    return Share.of(back, compared);
  }

  /// How much of the operations on a key its busiest owner helps to answer: of all keys together,
  /// those counted that were asked for most. 1 where there is one that always does.
  static double busiestOwner(List<LabOperation> operations, int keys, int nodes) {
    int[][] counted = new int[keys][nodes];
    int[] of = new int[keys];
    for (LabOperation each : operations) {
      if (each.result == Result.OK) {
        of[each.key]++;
        for (int node : each.counted) {
          counted[each.key][node]++;
        }
      }
    }
    double busiest = 0;
    long all = 0;
    for (int key = 0; key < keys; key++) {
      int most = 0;
      for (int count : counted[key]) {
        most = Math.max(most, count);
      }
      busiest += most;
      all += of[key];
    }
    return all == 0 ? Double.NaN : busiest / all;
  }
}
