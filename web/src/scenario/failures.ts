// SPDX-License-Identifier: Apache-2.0
// The failures of a scenario: a list of `kind(argument,…)`, joined by commas.

export interface Failure {
  kind: string;
  args: string[];
}

export interface FailureKind {
  kind: string;
  label: string;
  /** What each argument is; `at` and `until` are times. */
  args: ("at" | "until" | "node" | "groups" | "way" | "factor" | "offset")[];
  help: string;
}

export const failureKinds: FailureKind[] = [
  { kind: "crash", label: "Crash", args: ["at", "until", "node"], help: "The node loses what it had not synced, and starts again." },
  { kind: "wipe", label: "Lost disk", args: ["at", "until", "node"], help: "The node starts again with an empty disk." },
  { kind: "pause", label: "Pause", args: ["at", "until", "node"], help: "The process stands still, as in a long collection of garbage." },
  { kind: "split", label: "Split", args: ["at", "until", "groups"], help: "The groups cannot reach each other." },
  { kind: "oneway", label: "One-way cut", args: ["at", "until", "way"], help: "Messages are lost in one direction only." },
  { kind: "slow", label: "Slow node", args: ["at", "until", "node", "factor"], help: "Every message of the node takes longer." },
  { kind: "disk", label: "Slow disk", args: ["at", "until", "node", "factor"], help: "Every sync of the node takes longer." },
  { kind: "clock", label: "Clock jump", args: ["at", "until", "node", "offset"], help: "The node's wall clock is set ahead or back." },
];

export function parseFailures(text: string): Failure[] {
  const found: Failure[] = [];
  for (const match of text.matchAll(/([a-z]+)\(([^)]*)\)/g)) {
    found.push({ kind: match[1]!, args: match[2]!.split(",").map((arg) => arg.trim()) });
  }
  return found;
}

export const failuresText = (failures: Failure[]) =>
  failures.length === 0 ? "none" : failures.map((one) => `${one.kind}(${one.args.join(",")})`).join(",");

const short = (index: number) => (index < 26 ? "" : "A") + String.fromCharCode(65 + (index % 26));

/** `2s`, `250ms` or `1_5s` in ms. */
export function millis(text: string): number {
  const value = Number.parseFloat(text.replace("_", "."));
  return Number.isFinite(value) ? (text.endsWith("ms") ? value : value * 1000) : 0;
}

export const timeText = (ms: number) => (ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`);

/** A failure of that kind in the first third of the run, to be edited. */
export function example(kind: FailureKind, seconds: number, nodes: number): Failure {
  const at = Math.max(1, Math.round(seconds * 0.2));
  const until = Math.max(at + 1, Math.round(seconds * 0.4));
  const names = Array.from({ length: nodes }, (_, index) => short(index));
  const half = Math.max(1, Math.floor(nodes / 2));
  const args = kind.args.map((arg) => {
    switch (arg) {
      case "at":
        return `${at}s`;
      case "until":
        return `${until}s`;
      case "node":
        return names[1] ?? "A";
      case "groups":
        return `${names.slice(0, half).join("+")}|${names.slice(half).join("+")}`;
      case "way":
        return `${names[0]}>${names[1] ?? names[0]}`;
      case "factor":
        return "x10";
      case "offset":
        return "+200ms";
    }
  });
  return { kind: kind.kind, args };
}
