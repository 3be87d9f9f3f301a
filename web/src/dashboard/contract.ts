// SPDX-License-Identifier: Apache-2.0
// The shapes of GET /dashboard and of /explain; docs/dashboard.md says what each number means.

export type Mood = "good" | "watch" | "bad";

/** One letter for each partition: all owners, enough, writes by fallbacks alone, no writes, no reads but fallbacks take writes, no reads, neither. */
export type PartitionState = "a" | "e" | "s" | "w" | "t" | "r" | "x";

export interface Level {
  n: number;
  r: number;
  w: number;
  buckets: number;
  sloppy: boolean;
  few: number;
  states: string;
  counts: Record<PartitionState, number>;
}

export type Seen = "suspect" | "dead" | "cut" | "slow";

export interface Odd {
  from: string;
  to: string;
  as: Seen;
  since_ms: number;
  why: string;
}

export interface Times {
  p50: number | null;
  p99: number | null;
  p999: number | null;
}

export interface Target {
  name: "read_p99_ms" | "write_p99_ms" | "read_success_pct" | "write_success_pct" | "stale_read_pct";
  limit: number;
  at: "most" | "least";
  value: number | null;
  met: boolean | null;
}

export interface Clients {
  reads_per_s: number;
  writes_per_s: number;
  reads: number;
  reads_failed: number;
  applied: number;
  rejected: number;
  indeterminate: number;
  read_success_pct: number | null;
  write_success_pct: number | null;
  read_ms: Times;
  write_ms: Times;
  stale_read_pct: number | null;
  stale_samples: number;
  siblings_most: number;
  /** Null where no read found a value. */
  siblings_p99?: number | null;
  targets: Target[];
}

/** Stale reads of one setting of n, r and w; null where too little is known to foretell. */
export interface StaleLevel {
  name: string;
  samples: number;
  stale: number;
  observed_pct: number | null;
  observed_low_pct: number;
  observed_high_pct: number;
  expected_low_pct: number | null;
  expected_high_pct: number | null;
  gaps: number;
  gap_p50_ms: number | null;
  says: Says;
  sentence: string;
}

export type Says = "agrees" | "more" | "fewer" | "few";

export interface Staleness {
  sentence: string;
  says: Says;
  levels: StaleLevel[];
  trips: { reads: number; writes: number; read_p50_ms: number | null; read_p99_ms: number | null; write_p50_ms: number | null; write_p99_ms: number | null };
}

export interface Count {
  node: string;
  count: number;
  /** An estimate; only where it becomes less. */
  left_s?: number;
}

export interface Debt {
  hints: { count: number; bytes: number; oldest_s: number; refused: number; for: { node: string; count: number; bytes: number; oldest_s: number; holders: number; left_s?: number }[] };
  lag: { node: string; dots: number; groups: number; oldest_ms: number; told_by: string }[];
  /** Nodes whose exchange of clocks is off. */
  lag_not_known?: string[];
  /** Null where some node's exchange of clocks is off. */
  diverged_keys_at_most?: number | null;
  audits: { groups: number; never: number; oldest_s: number; oldest: { group: string; s: number }[] };
  tombstones: { waiting: number; for: Count[] };
  rebuilding: Count[];
  repairs: number;
  audit_keys: number;
  discarded?: { concurrent: number; blind: number; buckets: { name: string; concurrent: number; blind: number }[] };
}

export interface NodeRow {
  id: string;
  machine: string;
  state: "silent" | "starting" | "serving" | "no_writes" | "stopping";
  sentence: string;
  away_ms: number;
  age_ms?: number;
  version?: string;
  boot?: number;
  since_ms?: number;
  unsure?: boolean;
  groups_owned?: number;
  groups_rebuilding?: number;
  in_flight?: number;
  queue_bytes?: number;
  disk_free?: number;
  disk_total?: number;
  syncs?: number;
  sync_p99_ms?: number | null;
  gc_p99_ms?: number | null;
  gc_max_ms?: number | null;
  gc_total_ms?: number;
  clock_ahead_ms?: number | null;
  clock_unsure_ms?: number | null;
  saturated?: boolean;
  damaged_reads?: number;
  alarms?: number;
  reads_per_s?: number;
  writes_per_s?: number;
  read_p99_ms?: number | null;
  write_p99_ms?: number | null;
  hints_held?: number;
  behind_dots?: number | null;
}

export interface Happened {
  at_ms: number;
  times: number;
  kind: string;
  weight: "note" | "watch" | "grave";
  about: string;
  sentence: string;
  nodes: string[];
}

export interface State {
  format: number;
  at_ms: number;
  asked: string;
  members: number;
  told: number;
  machines: number;
  verdict: { mood: Mood; sentence: string; problems: string[] };
  partitions: { count: number; levels: Level[] };
  sight: { odd: Odd[]; odd_left_out: number; placements: { placement: string; nodes: string[] }[] };
  clients: Clients;
  staleness: Staleness;
  debt: Debt;
  nodes: NodeRow[];
  events: Happened[];
}

type Column = (number | null)[];

export interface Hour {
  slice_ms: number;
  from_ms: number;
  nodes: Column;
  reads: Column;
  reads_failed: Column;
  applied: Column;
  rejected: Column;
  indeterminate: Column;
  read_p50: Column;
  read_p99: Column;
  read_p999: Column;
  write_p50: Column;
  write_p99: Column;
  write_p999: Column;
  stale_pct: Column;
  sampled: Column;
  siblings: Column;
}

export interface Sibling {
  dot: string;
  bytes: number;
  content_type: string;
  hash: string;
  expired: boolean;
  expires_ms: number;
  path: string;
  from: string;
  ago_ms: number;
  value_base64?: string;
}

export interface Replica {
  node: string;
  machine: string;
  answers: boolean;
  sentence?: string;
  health?: string;
  siblings?: Sibling[];
  tombstone?: boolean;
  waits_for?: string[];
}

export interface Explained {
  group: string;
  asked: string;
  r: number;
  replicas: Replica[];
  others: { node: string; answers: boolean; sentence?: string }[];
  hints: { node: string; owner: string; readable: boolean; dots?: string; values?: number; bytes?: number; ago_ms?: number }[];
  explanation: string[];
}
