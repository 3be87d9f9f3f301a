// SPDX-License-Identifier: Apache-2.0
// The shapes that the Lab's HTTP resources answer with. Times are milliseconds of virtual time.

export type FieldKind = "int" | "number" | "choice" | "text" | "bool";
export type FieldValue = string | number | boolean;

export interface Field {
  name: string;
  label: string;
  unit?: string | null;
  kind: FieldKind;
  min?: number | null;
  max?: number | null;
  choices?: string[] | null;
  help: string;
  group: string;
}

export interface TourStep {
  say: string;
  /** `open` opens the first anomaly's card, `tour` begins the tour of the template that it names. */
  do?: { field?: string; value?: FieldValue; play?: unknown; seek?: number | string; open?: "card"; tour?: string } | null;
  look?: string | null;
}

export interface Template {
  id: string;
  title: string;
  question: string;
  teaches: string;
  scenario: string;
  fields: Record<string, FieldValue>;
  tour?: TourStep[];
}

export interface Preset {
  id: string;
  label: string;
}

export interface Catalogue {
  /** The build that plays: its release, and a sum of the code that decides what comes of a run. */
  build: string;
  templates: Template[];
  fields: Field[];
  presets: Preset[];
}

export interface Warning {
  code: string;
  sentence: string;
}

export interface Verdict {
  /** What it is about. */
  scenario?: string;
  sentence: string;
  warnings: Warning[];
  /** What closed forms and counting say of it; null where they say nothing. */
  closed?: Record<string, number | null>;
}

export interface Started {
  id: string;
  scenario: string;
  cli: string;
}

export interface Progress {
  at: number;
  of: number;
  operations: number;
  /** Of a run on a real cluster: whether calls are made, or keys are looked at and deleted. */
  doing?: "calls" | "keys";
  /** And what was done to its nodes and links so far. */
  done?: string[];
  /** And what it fails by, for the charts. */
  faults?: FaultSpan[];
  /** Of a run on a real cluster: what the calls so far come to. */
  metrics?: Metrics;
}

/** Something of a scenario that is not carried out on a real cluster, and why. */
export interface LeftOut {
  text: string;
  why: string;
}

/** Whether whoever serves the page offers runs on a cluster: a node on its own, `lab serve --cluster` on a folder's. */
export interface LiveOffer {
  offered: boolean;
  why?: string;
  node?: string;
  members?: number;
  /** Whether a scenario's failures are carried out. */
  fails?: boolean;
  secondsMax?: number;
  callsMax?: number;
}

export interface StartedLive extends Started {
  bucket: string;
  leftOut: LeftOut[];
}

/** What is different in a run on a real cluster. */
export interface Real {
  bucket: string;
  /** What the names of its keys begin with. */
  keys: string;
  /** Why it ended early; null where it did not. */
  ended: string | null;
  leftOut: LeftOut[];
  /** What was done to its nodes and links, a sentence each with its time. */
  done: string[];
  /** What was still lacking when the time to come into step was over; null where nothing was. */
  unsettled: string | null;
  /** Calls that were due while too many were under way. */
  unsent: number;
  /** Keys that could not be read from all owners at the end. */
  unread: number;
  undeleted: number;
}

export interface Series {
  step: number;
  t: number[];
  /** Those that succeeded. */
  reads: number[];
  readsFailed: number[];
  readP50: (number | null)[];
  readP99: (number | null)[];
  writeP99: (number | null)[];
  ok: number[];
  failed: number[];
  indeterminate: number[];
  stale: number[];
  /** In a run on a real cluster of all buckets, and the next two null. */
  hints: (number | null)[];
  diverged: (number | null)[];
  repairBytes: (number | null)[];
}

export interface Latency {
  p50: number;
  p95: number;
  p99: number;
  p999: number;
  count: number;
}

export interface Metrics {
  quorum_read_latency_ms: Latency;
  quorum_write_latency_ms: Latency;
  write_success_rate: { ok: number; failed: number; indeterminate: number; rate: number };
  stale_read_pct: { value: number; stale: number; of: number; ci95: [number, number] };
  stale_age_ms?: { p50: number; max: number } | null;
  k?: number[] | null;
  sibling_rate?: number | null;
  lost_updates?: number | null;
  convergence_ms?: number | null;
  repair_bytes?: number | null;
  home_durable_rate?: number | null;
  reads_failed?: number;
  older_read_pct?: { value: number | null; stale: number; of: number };
  busiest_owner_share?: number | null;
}

export interface FaultSpan {
  from: number;
  to: number;
  text: string;
}

export interface NodeInfo {
  id: string;
  short: string;
  /** Where the node's partitions begin, as shares of the circle. */
  tokens?: number[];
}

export interface Visibility {
  t: number[];
  measured: ([number, number, number] | null)[];
  wars?: (number | null)[] | null;
  closedAt0?: number | null;
}

export interface Summary {
  scenario: string;
  /** Empty for a run on a real cluster, which nothing replays. */
  hash: string;
  ended: string;
  seconds: number;
  ratio: number;
  metrics: Metrics;
  series: Series;
  latencyCdf: { read: [number, number][]; write: [number, number][] };
  visibility?: Visibility | null;
  faults: FaultSpan[];
  nodes: NodeInfo[];
  keys: string[];
  /** The home replicas of each key, in order of preference, as indexes into `nodes`. */
  homes?: number[][];
  anomalies: number;
  /** Of a run on a real cluster alone. */
  real?: Real;
}

/** A node in a row: its index in `nodes`, its id or its short name. */
export type NodeRef = number | string;

/** id, kind, from, to, op, sent at, arrives at (null when it never does), fate ("" or why it was lost). */
export type MessageRow = [
  number | string,
  string,
  NodeRef,
  NodeRef,
  number | string | null,
  number,
  number | null,
  string | null,
];
export type StateRow = [number, NodeRef, string];
export type VersionRow = [number, NodeRef, number, (number | string)[]];
export type HintRow = [number, NodeRef, number];

/** At, node, and how many requests of other nodes wait there from then on. */
export type QueueRow = [number, NodeRef, number];

export interface Events {
  from: number;
  to: number;
  more: boolean;
  messages: MessageRow[];
  states: StateRow[];
  versions: VersionRow[];
  hints: HintRow[];
  queues: QueueRow[];
}

export interface StateAt {
  at: number;
  nodes: { id: NodeRef; state: string; hints: number; queue: number }[];
  versions: [NodeRef, number, (number | string)[]][];
  inFlight: MessageRow[];
}

/** What a message carried, in words, and the group clocks of both ends; null where it is about no group, and of the receiver where it never came. */
export interface MessageBody {
  message: MessageRow;
  lines: [string, string][];
  sender: string | null;
  receiver: string | null;
}

export interface Op {
  id: number;
  kind: string;
  key: string;
  via: NodeRef;
  client: number | string;
  at: number;
  ms: number | null;
  result: string;
  versions: (number | string)[];
  verdict: string | null;
  anomaly: number | null;
}

export interface Ops {
  ops: Op[];
  more?: boolean;
}

export interface AnomalyHead {
  n: number;
  code: string;
  op: number;
  at: number;
  sentence: string;
  key?: string;
}

/** Where and when an operation was carried out; `to` is null where it had no end. */
export interface OpSpan {
  op: number;
  via: NodeRef;
  from: number;
  to: number | null;
  result: string;
}

export interface AnomalyCard extends AnomalyHead {
  /** The read itself, and the write that it missed. */
  read: OpSpan;
  missed: OpSpan;
  evidence: string[];
  counterfactual: string[];
  messages: MessageRow[];
  key: string;
}

export interface Refusal {
  error: { code: string; sentence: string; field?: string | null };
}

export interface Study<T> {
  id: string;
  done: number;
  of: number;
  over: boolean;
  /** Whether time ran out before all was played. */
  cut: boolean;
  fault: string | null;
  result: T | null;
}

export interface Band {
  mean: number | null;
  ci95: [number | null, number | null];
  seeds: number;
}

/** A metric over the run's time on several seeds: their median, and between which nine tenths of them lie. */
export interface Course {
  low: (number | null)[];
  median: (number | null)[];
  high: (number | null)[];
}

/** The same over times that something took, or that a write was old, in ms. */
export interface Spread extends Course {
  t: number[];
}

/** One scenario on several seeds. */
export interface Bands {
  scenario: string;
  seeds: string;
  played: number;
  series: { step: number; t: number[]; quorum_read_latency_ms_p99: Course; write_success_rate: Course; stale_read_pct: Course; hints: Course; diverged_keys: Course; repair_bytes: Course };
  latencyCdf: { read: Spread; write: Spread };
  visibility: Spread;
}

/** The product's code under the conditions of the WARS model, beside the model; times in ms, shares from 0 to 1. */
export interface CodeCurve {
  scenario: string;
  trials: number;
  t: number[];
  measured: number[];
  wars: number[];
  rmse: number;
  /** What two samples of one curve would differ by. */
  rmseOfDraws: number;
  reads: number;
  /** Reads that are not what the model says of the same delays. */
  differing: number;
  readMs: { p99: number };
  writeMs: { p99: number };
}

export interface TestedMetric {
  metric: string;
  a: Band;
  b: Band;
  difference: number | null;
  ci95: [number | null, number | null];
  pairs: number;
  p: number;
  verdict: "EQUAL" | "DIFFERENT" | "UNCLEAR" | "CHANCE" | "UNTESTED";
  better: "a" | "b" | null;
}

export interface Comparison {
  a: string;
  b: string;
  played: number;
  metrics: TestedMetric[];
}

export interface PlanRow {
  scenario: string;
  n: number;
  r: number;
  w: number;
  hedge: boolean;
  repair: string;
  basis: "PLAYED" | "COUNTING" | "MODEL" | "UNPLAYED";
  meets: boolean;
  surely: boolean;
  misses: string[];
  better: string | null;
  seeds: number;
  metrics: Record<string, Band>;
}

export interface Plan {
  scenario: string;
  targets: string[];
  down: number;
  meeting: number;
  rows: PlanRow[];
}
