// SPDX-License-Identifier: Apache-2.0
import type { Metrics, Verdict } from "../api/contract";
import { sideA, sideB, type Side } from "../state/runs";
import { testedOf } from "../state/studies";
import { bytes, latency, percent, whole } from "../ui/format";

type Closed = NonNullable<Verdict["closed"]>;

interface Small {
  label: string;
  /** As a test over seeds names it. */
  tested: string;
  help: string;
  /** What is compared; null where the run has no such figure. */
  measure: (of: Metrics) => number | null | undefined;
  text: (of: Metrics) => string;
  /** What a closed form, or counting, says beside it. */
  closed?: (of: Closed) => string;
  better: "less" | "more";
}

const smalls: Small[] = [
  {
    label: "write p99",
    tested: "quorum_write_latency_ms_p99",
    help: "quorum_write_latency_ms: from a client's call to its return, of writes that succeeded.",
    measure: (of) => of.quorum_write_latency_ms.p99,
    text: (of) => `${latency(of.quorum_write_latency_ms.p99)} ms`,
    better: "less",
  },
  {
    label: "stale age",
    tested: "stale_age_ms_p50",
    help: "stale_age_ms: how long the missed write had been acknowledged; median and most.",
    measure: (of) => of.stale_age_ms?.p50,
    text: (of) => `${latency(of.stale_age_ms?.p50)}, max ${latency(of.stale_age_ms?.max)}`,
    better: "less",
  },
  {
    label: "converged",
    tested: "convergence_ms",
    help: "convergence_ms: from the last acknowledged write until all home replicas were equal.",
    measure: (of) => of.convergence_ms,
    text: (of) => `${latency(of.convergence_ms)} ms`,
    better: "less",
  },
  {
    label: "lost updates",
    tested: "lost_updates",
    help: "lost_updates: acknowledged, not deleted, and on no replica at the end.",
    measure: (of) => of.lost_updates,
    text: (of) => whole(of.lost_updates),
    better: "less",
  },
  {
    label: "siblings",
    tested: "sibling_rate",
    help: "sibling_rate: reads that answered more than one version.",
    measure: (of) => of.sibling_rate,
    text: (of) => `${percent((of.sibling_rate ?? 0) * 100)} %`,
    better: "less",
  },
  {
    label: "durable at home",
    tested: "home_durable_rate",
    help: "home_durable_rate: acknowledged writes that W home replicas hold.",
    measure: (of) => of.home_durable_rate,
    text: (of) => `${percent((of.home_durable_rate ?? 0) * 100)} %`,
    better: "more",
  },
  {
    label: "repair",
    tested: "repair_bytes",
    help: "repair_bytes: what repairs have sent.",
    measure: (of) => of.repair_bytes,
    text: (of) => bytes(of.repair_bytes),
    better: "less",
  },
  {
    label: "reads failed",
    tested: "reads_failed",
    help: "reads_failed: reads without R replies, or without an answer in time. No latency counts them.",
    measure: (of) => of.reads_failed,
    text: (of) => whole(of.reads_failed),
    better: "less",
  },
  {
    label: "went back",
    tested: "older_read_pct",
    help: "older_read_pct: reads that show less than the same client's last read of the key. The closed form is of acknowledged writes alone, while nothing fails.",
    measure: (of) => of.older_read_pct?.value,
    text: (of) => `${percent(of.older_read_pct?.value)} %`,
    closed: ({ olderRead }) => (olderRead == null ? "" : `closed form ${percent(olderRead * 100)} %`),
    better: "less",
  },
  {
    label: "busiest owner",
    tested: "busiest_owner_share",
    help: "The share of a key's operations that its busiest owner takes part in; beside it the least that it can be by counting, and of any quorums that miss each other as seldom.",
    measure: (of) => of.busiest_owner_share,
    text: (of) => share(of.busiest_owner_share),
    closed: ({ busiestOwner, leastLoad }) => (busiestOwner == null ? "" : `least ${share(busiestOwner)}${leastLoad == null ? "" : `, of any quorums ${share(leastLoad)}`}`),
    better: "less",
  },
];

const share = (part: number | null | undefined) => (part == null ? "–" : `${percent(part * 100, 1)} %`);

/** What is foretold of the run on show; null while the settings are others already. */
const closedOf = (side: Side) => {
  const verdict = side.verdict.value;
  return verdict?.closed && verdict.scenario === side.run.value?.scenario ? verdict.closed : null;
};

function Figure({ one, of, side }: { one: Small; of: Metrics; side: Side }) {
  const closed = closedOf(side);
  if (!has(one, of)) return <>–</>;
  return (
    <>
      {one.text(of)}
      {one.closed && closed && <small data-testid={`closed-${one.tested}`}>{one.closed(closed)}</small>}
    </>
  );
}

const has = (small: Small, of: Metrics) => {
  const value = small.measure(of);
  return value !== null && value !== undefined;
};

/** So many of them stand beside the great ones where there is room. */
const stripped = 6;

/** The smaller figures, those that a run has; of two runs both, the second marked as better or worse. */
export function Lesser({ a, b, place }: { a: Metrics | undefined; b?: Metrics | undefined; place: "strip" | "column" }) {
  if (!a) return null;
  const rows = smalls.filter((one) => has(one, a) || (b && has(one, b)));
  return (
    <dl class={`lesser lesser-${place}${b ? " lesser-pair" : ""}`} data-testid={`lesser-${place}`}>
      {(place === "strip" ? rows.slice(0, stripped) : rows).map((one, index) => (
        <div key={one.label} title={one.help} class={`${index < stripped ? "lesser-stripped" : ""}${one.closed ? " lesser-wide" : ""}`}>
          <dt>{one.label}</dt>
          <dd>
            <Figure one={one} of={a} side={sideA} />
          </dd>
          {b && (
            <dd class={`lesser-${toneOf(one, a, b)}`}>
              <Figure one={one} of={b} side={sideB} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function toneOf(one: Small, a: Metrics, b: Metrics): "even" | "good" | "bad" {
  const tested = testedOf(one.tested);
  if (tested && tested.pairs > 5) return tested.better === null ? "even" : tested.better === "b" ? "good" : "bad";
  const [before, after] = [one.measure(a), one.measure(b)];
  if (before === null || before === undefined || after === null || after === undefined || one.text(a) === one.text(b)) return "even";
  return after < before === (one.better === "less") ? "good" : "bad";
}
