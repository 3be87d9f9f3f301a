// SPDX-License-Identifier: Apache-2.0
// The charts over the run's time. What failed is shaded, the clock is a line, and a press goes there.
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { FaultSpan, Series } from "../api/contract";
import { bytes, whole } from "../ui/format";
import { bottom, dashed, faded, line, secondsText, shortNumber, side } from "./axes";
import { Key } from "./Key";
import { Plot } from "./Plot";

export interface TimeProps {
  series: Series[];
  faults: FaultSpan[];
  end: number;
}

type Columns = (number | null)[][];

function table(series: Series[], columns: (one: Series) => Columns): uPlot.AlignedData {
  const tables = series.map((one) => [one.t.map((time) => time / 1000), ...columns(one)]);
  return (tables.length === 1 ? tables[0] : uPlot.join(tables as uPlot.AlignedData[])) as uPlot.AlignedData;
}

const time = (end: number) => ({ x: { time: false, range: [0, end / 1000] as [number, number] } });

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

export function WritesChart({ series, faults, end }: TimeProps) {
  const both = series.length > 1;
  const data = useMemo(
    () =>
      both
        ? table(series, (one) => [one.ok.map((ok, i) => share(ok, one.failed[i]!, one.indeterminate[i]!))])
        : table(series, (one) => [
            one.ok.map((ok, i) => ok + one.indeterminate[i]! + one.failed[i]!),
            one.ok.map((ok, i) => ok + one.indeterminate[i]!),
            one.ok,
          ]),
    [series],
  );
  const lost = series[0] ? sum(series[0].failed) : 0;
  const unsure = series[0] ? sum(series[0].indeterminate) : 0;
  return (
    <Plot
      title={both ? "Writes acknowledged" : "Writes"}
      testid="chart-success"
      note={both ? "of those that ended" : lost + unsure === 0 ? "all acknowledged" : `${whole(lost)} failed, ${whole(unsure)} unsure`}
      data={data}
      made={[series.length, end]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, both ? 101 : Math.max(1, high * 1.08)] } },
        axes: [bottom(colours, { values: (_, values) => secondsText(values) }), side(colours, { values: (_, values) => values.map((one) => (both ? `${one} %` : shortNumber(one))) })],
        series: both
          ? [{}, line(colours.accent, { spanGaps: true }), line(colours.accent, { spanGaps: true, dash: dashed })]
          : [
              {},
              line(colours.fail, { width: 0, fill: faded(colours.fail, 0.85), paths: stepped() }),
              line(colours.unsure, { width: 0, fill: colours.unsure, paths: stepped() }),
              line(colours.ok, { width: 0, fill: mixed(colours.ok, colours.surface), paths: stepped() }),
            ],
      })}
    >
      {!both && (
        <p class="chart-key">
          <Key mark="box box-ok" text="acknowledged" />
          <Key mark="box box-unsure" text="unsure" />
          <Key mark="box box-fail" text="failed" />
        </p>
      )}
    </Plot>
  );
}

const stepped = () => uPlot.paths.stepped!({ align: 1 });
const mixed = (colour: string, ground: string) => `color-mix(in oklab, ${colour} 38%, ${ground})`;

function share(ok: number, failed: number, indeterminate: number): number | null {
  const all = ok + failed + indeterminate;
  return all === 0 ? null : (100 * ok) / all;
}

export function StaleChart({ series, faults, end, k }: TimeProps & { k: number[] | null }) {
  const data = useMemo(
    () => table(series, (one) => [one.stale.map((stale, i) => (one.reads[i]! > 0 ? (100 * stale) / one.reads[i]! : null))]),
    [series],
  );
  return (
    <Plot
      title="Stale reads"
      testid="chart-stale"
      note="% of reads"
      data={data}
      made={[series.length, end]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.12)] } },
        axes: [bottom(colours, { values: (_, values) => secondsText(values) }), side(colours, { values: (_, values) => values.map((one) => `${shortNumber(one)} %`) })],
        series: [{}, line(colours.stale, { spanGaps: true, fill: faded(colours.stale, 0.14) }), ...(series.length > 1 ? [line(colours.stale, { spanGaps: true, dash: dashed })] : [])],
      })}
    >
      {k && k.length > 1 && <Behind k={k} />}
    </Plot>
  );
}

/** How many acknowledged versions stale reads were behind. */
function Behind({ k }: { k: number[] }) {
  const behind = k.slice(1, 9);
  const most = Math.max(1, ...behind);
  return (
    <div class="behind" data-testid="k-histogram" role="img" aria-label={`Versions behind: ${behind.map((count, i) => `${i + 1}: ${count}`).join(", ")}`}>
      <span>behind by</span>
      {behind.map((count, index) => (
        <span key={index} class="behind-one">
          <svg viewBox="0 0 20 14" preserveAspectRatio="none" aria-hidden="true">
            <rect x="0" y={14 - Math.max(count > 0 ? 1 : 0, (14 * count) / most)} width="20" height="14" />
          </svg>
          <b>{index + 1}</b>
          <small>{whole(count)}</small>
        </span>
      ))}
    </div>
  );
}

export function DebtChart({ series, faults, end }: TimeProps) {
  const data = useMemo(() => table(series, (one) => [one.hints, one.diverged, one.repairBytes]), [series]);
  const first = series[0];
  const most = first ? Math.max(0, ...first.hints) : 0;
  const repaired = first ? sum(first.repairBytes) : 0;
  return (
    <Plot
      title="Entropy debt"
      testid="chart-entropy"
      note={`up to ${whole(most)} hints, ${bytes(repaired)} repaired`}
      data={data}
      made={[series.length, end]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] }, bytes: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] } },
        axes: [
          bottom(colours, { values: (_, values) => secondsText(values) }),
          side(colours, { values: (_, values) => values.map(shortNumber) }),
        ],
        series: [
          {},
          ...series.flatMap((_, index) => [
            line(colours.hint, { dash: index ? dashed : undefined, fill: index ? undefined : faded(colours.hint, 0.14) }),
            line(colours.stale, { dash: index ? dashed : undefined }),
            line(colours.repair, { scale: "bytes", width: 1.25, dash: index ? dashed : [1, 3] }),
          ]),
        ],
      })}
    >
      <p class="chart-key">
        <Key mark="stroke stroke-hint" text="hints held" />
        <Key mark="stroke stroke-stale" text="keys diverged" />
        <Key mark="stroke stroke-repair" text="bytes repaired" />
      </p>
    </Plot>
  );
}

