// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.latency;

import dev.coterie.sim.latency.LatencyModel.Constant;
import dev.coterie.sim.latency.LatencyModel.Exponential;
import dev.coterie.sim.latency.LatencyModel.LogNormal;
import dev.coterie.sim.latency.LatencyModel.Mixture;

/// Delays that have a name: plain ones, and the fits to production systems that the PBS paper
/// publishes. Yammer's write has alpha 3.5 as in the authors' program, with which the published
/// results were made (the paper prints 3.35).
public enum LatencyPreset {
  LAN("lan", "one rack: log-normal around 0.3 ms"),
  FLAT("flat", "every message takes 1 ms"),
  SYNTHETIC("synthetic", "exponential, writes ten times slower (PBS)"),
  LNKD_SSD("lnkd-ssd", "LinkedIn, SSD (PBS)"),
  LNKD_DISK("lnkd-disk", "LinkedIn, spinning disks (PBS)"),
  YMMR("ymmr", "Yammer, Riak (PBS)"),
  WAN("wan", "LinkedIn, disks, every replica in another place, 75 ms away (PBS)");

  private static final LatencyModel SSD = new Mixture(0.9122, 0.235, 10, 1.66);
  private static final LatencyModel DISK = new Mixture(0.38, 1.05, 1.51, 0.183);
  private static final LatencyModel YMMR_WRITE = new Mixture(0.939, 3, 3.5, 0.0028);
  private static final LatencyModel YMMR_OTHER = new Mixture(0.982, 1.5, 3.8, 0.0217);

  private final String id;
  private final String label;

  LatencyPreset(String id, String label) {
    this.id = id;
    this.label = label;
  }

  /// As scenarios and options name it.
  public String id() {
    return id;
  }

  public String label() {
    return label;
  }

  public Latency latency() {
    return switch (this) {
      case LAN -> Latency.of(new LogNormal(0.3, 0.5));
      case FLAT -> Latency.of(new Constant(1));
      case SYNTHETIC -> wars(new Exponential(10), new Exponential(1), 0);
      case LNKD_SSD -> Latency.of(SSD);
      case LNKD_DISK -> wars(DISK, SSD, 0);
      case YMMR -> wars(YMMR_WRITE, YMMR_OTHER, 0);
      case WAN -> wars(DISK, SSD, 75);
    };
  }

  private static Latency wars(LatencyModel write, LatencyModel other, double farMillis) {
    return new Latency(write, other, other, other, farMillis);
  }
}
