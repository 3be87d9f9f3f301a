// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

/// Which owner stands first in each row, the one that coordinates where there is a choice: every
/// node leads its part (1/copies) of the partitions that it owns, rounded up or down. An owner that
/// led before leads on unless that breaks the bounds.
final class Leads implements Balance.Holding {
  private final int[][] rows;
  private final int nodes;
  private final int copies;
  private final int[] owned;
  private final int[] leads;
  private final int[] lead;
  private final IntList[] listed;

  private Leads(int[][] rows, int nodes, int copies) {
    this.rows = rows;
    this.nodes = nodes;
    this.copies = copies;
    this.owned = new int[nodes];
    this.leads = new int[nodes];
    this.lead = new int[rows.length];
    this.listed = new IntList[nodes];
    for (int node = 0; node < nodes; node++) {
      listed[node] = new IntList();
    }
    for (int[] row : rows) {
      for (int node : row) {
        owned[node]++;
      }
    }
  }

  /// The leading node of each row. `before` names the former one, or -1.
  static int[] settled(int[][] rows, Topology topology, int copies, int[] before) {
    Leads leads = new Leads(rows, topology.nodes(), copies);
    for (int row = 0; row < rows.length; row++) {
      leads.lead[row] = -1;
      for (int node : rows[row]) {
        if (node == before[row]) {
          leads.take(row, node);
        }
      }
    }
    for (int row = 0; row < rows.length; row++) {
      if (leads.lead[row] < 0) {
        leads.take(row, leads.neediest(row, topology));
      }
    }
    Balance.settle(leads);
    return leads.lead;
  }

  private int neediest(int row, Topology topology) {
    int best = rows[row][0];
    for (int node : rows[row]) {
      int byNeed =
          Long.compare(
              owned[node] - (long) leads[node] * copies, owned[best] - (long) leads[best] * copies);
      if (byNeed > 0
          || (byNeed == 0
              && Mixer.of(topology.hash(Topology.NODE, node), row)
                  > Mixer.of(topology.hash(Topology.NODE, best), row))) {
        best = node;
      }
    }
    return best;
  }

  private void take(int row, int node) {
    lead[row] = node;
    leads[node]++;
    listed[node].add(row);
  }

  @Override
  public int nodes() {
    return nodes;
  }

  @Override
  public int held(int node) {
    return leads[node];
  }

  @Override
  public int low(int node) {
    return owned[node] / copies;
  }

  @Override
  public int high(int node) {
    return (owned[node] + copies - 1) / copies;
  }

  @Override
  public int rowCount(int node) {
    return listed[node].size();
  }

  @Override
  public int row(int node, int index) {
    return listed[node].get(index);
  }

  @Override
  public boolean holds(int row, int node) {
    return lead[row] == node;
  }

  @Override
  public boolean loose(int row, int node) {
    return false;
  }

  @Override
  public boolean allows(int row, int from, int to) {
    for (int node : rows[row]) {
      if (node == to) {
        return from != to;
      }
    }
    return false;
  }

  @Override
  public void move(int row, int from, int to) {
    leads[from]--;
    take(row, to);
  }
}
