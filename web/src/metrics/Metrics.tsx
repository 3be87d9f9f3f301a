// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";
import type { Metrics as Values } from "../api/contract";
import { planned } from "../state/focus";
import { comparing, sideA, sideB, type Side } from "../state/runs";
import { testedOf, testing } from "../state/studies";
import { holds, targetOf, type Target } from "../state/targets";
import { latency, percent, whole } from "../ui/format";
import { Lesser } from "./Lesser";

interface Figure {
  name: string;
  help: string;
  value: (of: Values) => ComponentChildren;
  unit: string;
  more: (of: Values) => ComponentChildren;
  /** Calls that it says nothing of, because they failed. */
  failed?: (of: Values) => number;
  /** What two runs are compared by, and which way is better. */
  measure: (of: Values) => number;
  better: "less" | "more";
  /** As a test over seeds names it, and by what its values are multiplied. */
  tested: string;
  scale: number;
  digits: number;
  target: Target["name"];
}

const figures: Figure[] = [
  {
    name: "quorum_read_latency_ms",
    help: "From a client's call to its return, of reads that succeeded.",
    value: (of) => latency(of.quorum_read_latency_ms.p99),
    unit: "ms p99",
    more: (of) => (of.quorum_read_latency_ms.p999 === 0 ? "an owner's own copy answers" : `p50 ${latency(of.quorum_read_latency_ms.p50)} · p99.9 ${latency(of.quorum_read_latency_ms.p999)}`),
    failed: (of) => of.reads_failed ?? 0,
    measure: (of) => of.quorum_read_latency_ms.p99,
    better: "less",
    tested: "quorum_read_latency_ms_p99",
    scale: 1,
    digits: 2,
    target: "read_p99",
  },
  {
    name: "write_success_rate",
    help: "Writes acknowledged by W replicas, of all writes that ended. Unsure ones may have been stored.",
    value: (of) => percent(of.write_success_rate.rate * 100),
    unit: "%",
    more: (of) => {
      const { failed, indeterminate } = of.write_success_rate;
      return failed + indeterminate === 0 ? `all ${whole(of.write_success_rate.ok)} acknowledged` : `${whole(failed)} failed · ${whole(indeterminate)} unsure`;
    },
    measure: (of) => of.write_success_rate.rate * 100,
    better: "more",
    tested: "write_success_rate",
    scale: 100,
    digits: 2,
    target: "write_success_rate",
  },
  {
    name: "stale_read_pct",
    help: "Reads that missed the last write acknowledged before they began, of reads of keys with such a write.",
    value: (of) => percent(of.stale_read_pct.value),
    unit: "%",
    more: (of) => {
      const [low, high] = of.stale_read_pct.ci95;
      return `${whole(of.stale_read_pct.stale)} of ${whole(of.stale_read_pct.of)} · 95 % ${percent(low)}–${percent(high)}`;
    },
    measure: (of) => of.stale_read_pct.value,
    better: "less",
    tested: "stale_read_pct",
    scale: 1,
    digits: 2,
    target: "stale_read_pct",
  },
];

/** Of the run on show; of one on a real cluster also while it is under way. */
const metricsOf = (side: Side) => side.run.value?.summary.metrics ?? side.progress.value?.metrics;

/** The three figures that a quorum setting is chosen by, and the smaller ones beside them. */
export function Metrics() {
  const a = metricsOf(sideA);
  const b = comparing.value ? metricsOf(sideB) : undefined;
  return (
    <section class={`metrics${b ? " pair" : ""}${sideA.running.value && sideA.run.value ? " old" : ""}`} data-testid="metrics" aria-label="Metrics">
      {figures.map((figure) => (
        <div class="metric" key={figure.name} data-testid={`metric-${figure.name}`} title={figure.help}>
          <h2>{figure.name}</h2>
          <div class="metric-values">
            <Value figure={figure} of={a} name={b ? "A" : null} />
            {b && <Value figure={figure} of={b} name="B" />}
            {a && !b && <Judged figure={figure} of={a} />}
          </div>
          {a && b ? <Difference figure={figure} a={a} b={b} /> : <p>{a ? <More figure={figure} of={a} /> : "\u00a0"}</p>}
        </div>
      ))}
      {!b && <Lesser a={a} place="strip" />}
    </section>
  );
}

/** What failed comes first, since a figure says nothing of it. */
function More({ figure, of }: { figure: Figure; of: Values }) {
  const failed = figure.failed?.(of) ?? 0;
  if (failed === 0) return <>{figure.more(of)}</>;
  return (
    <>
      <strong class="metric-failed" data-testid={`failed-${figure.name}`}>
        {whole(failed)} failed
      </strong>{" "}
      · {figure.more(of)}
    </>
  );
}

function Value({ figure, of, name }: { figure: Figure; of: Values | undefined; name: string | null }) {
  return (
    <span class="metric-value" title={of && typeof figure.more(of) === "string" ? `${figure.more(of)}` : undefined}>
      {name && <i class={`badge badge-${name.toLowerCase()}`}>{name}</i>}
      <b>{of ? figure.value(of) : "–"}</b>
      {name !== "A" && <small>{figure.unit}</small>}
    </span>
  );
}

/** Whether the planner's target is met; a press leads there. */
function Judged({ figure, of }: { figure: Figure; of: Values }) {
  const target = targetOf(figure.target);
  const met = target ? holds(target, of) : null;
  if (!target || met === null) return null;
  const bound = `${target.sign === "<=" ? "≤" : "≥"} ${Number(target.value)} ${target.unit}`;
  return (
    <button
      type="button"
      class={`target target-${met ? "met" : "missed"}`}
      data-testid={`target-of-${figure.name}`}
      title={`The target is ${bound}. Press to set others, and to find settings that meet them.`}
      aria-label={`Target ${bound}: ${met ? "met" : "missed"}`}
      onClick={() => (planned.value = true)}
    >
      {met ? "✓" : "✕"} {bound}
    </button>
  );
}

/** First what one seed says, then what the test over seeds does. */
function Difference({ figure, a, b }: { figure: Figure; a: Values; b: Values }) {
  const tested = testedOf(figure.tested);
  const under = testing.progress.value;
  const change = tested ? (tested.difference ?? 0) * figure.scale : figure.measure(b) - figure.measure(a);
  const none = Math.abs(change) < 0.5 * 10 ** -figure.digits;
  const better = tested ? tested.better : none ? null : change < 0 === (figure.better === "less") ? "b" : "a";
  const failed = failedOf(figure, a, b);
  // Whoever fails what takes long is not the faster one.
  const unfair = failed !== null && ((better === "a" && failed.a > failed.b) || (better === "b" && failed.b > failed.a));
  const open = unfair || better === null;
  const tone = open ? "even" : change < 0 === (figure.better === "less") ? "good" : "bad";
  const sign = change > 0 ? "+" : "−";
  const [low, high] = tested?.ci95 ?? [null, null];
  const title =
    tested === null
      ? "On this one seed."
      : `Mean over ${tested.pairs} seeds${low === null || high === null ? "" : `, 95 %: ${(low * figure.scale).toFixed(3)} to ${(high * figure.scale).toFixed(3)}`}; paired randomization test, p = ${tested.p.toFixed(4)}.`;
  return (
    <p>
      <span class={`difference difference-${tone}`} title={title} data-testid={`difference-${figure.name}`} data-tested={tested?.verdict}>
        {none ? "no difference" : `${sign}${Math.abs(change).toFixed(figure.digits)} ${figure.unit.split(" ")[0]}`}
        {tested && !none && tested.better === null ? `, ${words[tested.verdict]}` : tone === "good" ? ", B is better" : tone === "bad" ? ", B is worse" : ""}
      </span>
      <small class="tested">
        {tested ? `${tested.pairs} seeds` : under ? (under.of === 0 ? "testing…" : `testing ${under.done}/${under.of}`) : "1 seed"}
      </small>
      {failed && (
        <strong class="metric-failed" data-testid={`failed-${figure.name}`}>
          {unfair ? "more failed" : "failed"}: A {whole(failed.a)}, B {whole(failed.b)}
        </strong>
      )}
    </p>
  );
}

/** How many calls failed on each side, where any did: on this seed, or on average over those that were tested. */
function failedOf(figure: Figure, a: Values, b: Values): { a: number; b: number } | null {
  if (!figure.failed) return null;
  const tested = testedOf("reads_failed");
  const both = tested ? { a: tested.a.mean ?? 0, b: tested.b.mean ?? 0 } : { a: figure.failed(a), b: figure.failed(b) };
  return both.a + both.b > 0 ? both : null;
}

const words = { EQUAL: "the same", DIFFERENT: "differs", UNCLEAR: "unclear", CHANCE: "within chance", UNTESTED: "too few seeds" };
