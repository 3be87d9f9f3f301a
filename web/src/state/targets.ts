// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import type { Metrics } from "../api/contract";

/** What is wanted of a run: the planner looks for settings that give it, and the figures say whether this one does. */
export interface Target {
  name: "stale_read_pct" | "write_success_rate" | "read_p99" | "write_p99";
  label: string;
  sign: "<=" | ">=";
  unit: string;
  /** The metric counts in shares, the visitor in percent. */
  scale: number;
  /** As it was typed; nothing wanted where it is empty. */
  value: string;
}

export const targets = signal<Target[]>([
  { name: "stale_read_pct", label: "Stale reads", sign: "<=", unit: "%", scale: 1, value: "0.1" },
  { name: "write_success_rate", label: "Write success", sign: ">=", unit: "%", scale: 100, value: "99.9" },
  { name: "read_p99", label: "Read p99", sign: "<=", unit: "ms", scale: 1, value: "10" },
  { name: "write_p99", label: "Write p99", sign: "<=", unit: "ms", scale: 1, value: "" },
]);

/** What is wanted of this, where anything is. */
export const targetOf = (name: Target["name"]) => targets.value.find((one) => one.name === name && one.value !== "" && Number.isFinite(Number(one.value)));

const measures: Record<Target["name"], (of: Metrics) => number> = {
  stale_read_pct: (of) => of.stale_read_pct.value,
  write_success_rate: (of) => of.write_success_rate.rate * 100,
  read_p99: (of) => of.quorum_read_latency_ms.p99,
  write_p99: (of) => of.quorum_write_latency_ms.p99,
};

/** Whether a run gives what is wanted; null where it has no such figure. */
export function holds(target: Target, of: Metrics): boolean | null {
  const value = measures[target.name](of);
  if (value === null || Number.isNaN(value)) return null;
  return target.sign === "<=" ? value <= Number(target.value) : value >= Number(target.value);
}
