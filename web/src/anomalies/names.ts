// SPDX-License-Identifier: Apache-2.0

const names: Record<string, string> = {
  RACE_IN_FLIGHT: "race in flight",
  FAST_SUBSET: "fast subset",
  PARTITION_DROP: "dropped by a cut",
  LOSS: "message lost",
  REPLICA_DOWN: "replica down",
  PAUSED: "replica paused",
  SLOPPY_DISJOINT: "quorums did not meet",
  HINT_PENDING: "hint pending",
  HINT_LOST: "hint lost",
  CLOCK_SKEW_LWW: "clock skew",
  RING_VIEW_STALE: "stale ring",
  AMNESIA: "lost disk",
  RESURRECTION: "resurrection",
  UNACKED_NEWER: "went back",
};

/** An anomaly's code as people read it. */
export const nameOf = (code: string) => names[code] ?? code.toLowerCase().replaceAll("_", " ");
