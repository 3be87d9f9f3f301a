// SPDX-License-Identifier: Apache-2.0
// The charts over the run's time. What failed is shaded, the clock is a line, and a press goes there.
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Bands, Course, FaultSpan, Series } from "../api/contract";
import { bytes, whole } from "../ui/format";
import { BandKey } from "./BandKey";
import { bandLines, bottom, dashed, faded, filled, line, secondsText, shortNumber, side, spreadColumns } from "./axes";
import { Key } from "./Key";
import { Plot } from "./Plot";

export interface TimeProps {
  series: Series[];
  faults: FaultSpan[];
  end: number;
  /** The same metric on more seeds, drawn behind the line of this one. */
  bands?: Bands | null;
}

type Columns = (number | null)[][];

function table(series: Series[], columns: (one: Series) => Columns): uPlot.AlignedData {
  const tables = series.map((one) => [one.t.map((time) => time / 1000), ...columns(one)]);
  return (tables.length === 1 ? tables[0] : uPlot.join(tables as uPlot.AlignedData[])) as uPlot.AlignedData;
}

/** A share of one run over the windows of a band, and behind it the band: low, high and median of several runs. */
function banded({ step }: Series, part: (number | null)[], all: number[], bands: Bands, course: Course, scale = 1): uPlot.AlignedData {
  const window = Math.round(bands.series.step / step);
  const shares = Array.from({ length: Math.ceil(all.length / window) }, (_, i) => {
    const count = sum(all.slice(i * window, (i + 1) * window));
    return count === 0 ? null : sum(part.slice(i * window, (i + 1) * window).map((one) => one ?? 0)) / count;
  });
  const run = [shares.map((_, i) => ((i + 1) * bands.series.step) / 1000), shares];
  const behind = [bands.series.t.map((time) => time / 1000), course.low, course.high, course.median];
  const [times, ...lines] = uPlot.join([run, behind] as uPlot.AlignedData[]);
  return [times, ...lines.map((values) => Array.from(values, (value) => (value == null ? value : value * scale)))] as uPlot.AlignedData;
}

/** How long reads took over time: beside the band alone, since a line by itself says less than the distribution. */
export function ReadsChart({ series, faults, end, bands }: TimeProps & { bands: Bands }) {
  const one = series[0]!;
  const data = useMemo(() => banded(one, one.reads.map((count, i) => count * (one.readP99[i] ?? 0)), one.reads, bands, bands.series.quorum_read_latency_ms_p99), [one, bands]);
  return (
    <Plot
      title="Read latency"
      testid="chart-reads"
      note="p99 of each moment, ms"
      data={data}
      made={[end]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] } },
        axes: [bottom(colours, { values: (_, values) => secondsText(values) }), side(colours, { values: (_, values) => values.map(shortNumber) })],
        series: [{}, line(colours.read, { spanGaps: true }), ...bandLines(colours.read)],
        bands: [filled(colours.read, 2)],
      })}
    >
      <BandKey mark="read" bands={bands} />
    </Plot>
  );
}

const time = (end: number) => ({ x: { time: false, range: [0, end / 1000] as [number, number] } });

const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);

export function WritesChart({ series, faults, end, bands = null }: TimeProps) {
  const asShare = series.length > 1 || bands !== null;
  const misreads = series.map((one) => sum(one.readsFailed));
  const misread = sum(misreads);
  // Where no read failed there is nothing to draw of them; a band has no place for them.
  const withReads = misread > 0 && bands === null;
  const data = useMemo(() => {
    const shares = (one: Series) => [
      one.ok.map((ok, i) => share(ok, one.failed[i]!, one.indeterminate[i]!)),
      ...(withReads ? [one.reads.map((ok, i) => share(ok, one.readsFailed[i]!, 0))] : []),
    ];
    if (bands) return banded(series[0]!, series[0]!.ok, series[0]!.ok.map((ok, i) => ok + series[0]!.failed[i]! + series[0]!.indeterminate[i]!), bands, bands.series.write_success_rate, 100);
    if (asShare) return table(series, shares);
    return table(series, (one) => [
      one.ok.map((ok, i) => ok + one.indeterminate[i]! + one.failed[i]!),
      one.ok.map((ok, i) => ok + one.indeterminate[i]!),
      one.ok,
      ...(withReads ? [one.readsFailed] : []),
    ]);
  }, [series, bands]);
  const lost = series[0] ? sum(series[0].failed) : 0;
  const unsure = series[0] ? sum(series[0].indeterminate) : 0;
  return (
    <Plot
      title={asShare ? (withReads ? "Calls that succeeded" : "Writes acknowledged") : "Writes"}
      testid="chart-success"
      note={[asShare ? (withReads ? "" : "of those that ended") : lost + unsure === 0 ? "all acknowledged" : `${whole(lost)} failed, ${whole(unsure)} unsure`, misread > 0 ? `${misreads.map(whole).join(" and ")} reads failed` : ""].filter(Boolean).join("; ")}
      data={data}
      made={[series.length, end, bands !== null, withReads]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, asShare ? 101 : Math.max(1, high * 1.08)] } },
        axes: [bottom(colours, { values: (_, values) => secondsText(values) }), side(colours, { values: (_, values) => values.map((one) => (asShare ? `${one} %` : shortNumber(one))) })],
        bands: bands ? [filled(colours.accent, 2)] : [],
        series: asShare
          ? bands
            ? [{}, line(colours.accent, { spanGaps: true }), ...bandLines(colours.accent)]
            : [{}, ...series.flatMap((_, index) => (withReads ? [colours.accent, colours.read] : [colours.accent]).map((colour) => line(colour, { spanGaps: true, dash: index ? dashed : undefined })))]
          : [
              {},
              line(colours.fail, { width: 0, fill: faded(colours.fail, 0.85), paths: stepped() }),
              line(colours.unsure, { width: 0, fill: colours.unsure, paths: stepped() }),
              line(colours.ok, { width: 0, fill: mixed(colours.ok, colours.surface), paths: stepped() }),
              ...(withReads ? [line(colours.read, { paths: stepped() })] : []),
            ],
      })}
    >
      {bands && <BandKey mark="accent" bands={bands} />}
      {!asShare && (
        <p class="chart-key">
          <Key mark="box box-ok" text="acknowledged" />
          <Key mark="box box-unsure" text="unsure" />
          <Key mark="box box-fail" text="failed" />
          {withReads && <Key mark="stroke stroke-read" text="reads that failed" />}
        </p>
      )}
      {asShare && withReads && (
        <p class="chart-key">
          <Key mark="stroke stroke-accent" text="writes" />
          <Key mark="stroke stroke-read" text="reads" />
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

export function StaleChart({ series, faults, end, k, bands = null }: TimeProps & { k: number[] | null }) {
  const data = useMemo(() => {
    if (bands) return banded(series[0]!, series[0]!.stale.map((stale) => 100 * stale), series[0]!.reads, bands, bands.series.stale_read_pct);
    return table(series, (one) => [one.stale.map((stale, i) => (one.reads[i]! > 0 ? (100 * stale) / one.reads[i]! : null))]);
  }, [series, bands]);
  return (
    <Plot
      title="Stale reads"
      testid="chart-stale"
      note="% of reads"
      data={data}
      made={[series.length, end, bands !== null]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.12)] } },
        axes: [bottom(colours, { values: (_, values) => secondsText(values) }), side(colours, { values: (_, values) => values.map((one) => `${shortNumber(one)} %`) })],
        bands: bands ? [filled(colours.stale, 2)] : [],
        series: [
          {},
          line(colours.stale, { spanGaps: true, fill: bands ? undefined : faded(colours.stale, 0.14) }),
          ...(bands ? bandLines(colours.stale) : []),
          ...(series.length > 1 ? [line(colours.stale, { spanGaps: true, dash: dashed })] : []),
        ],
      })}
    >
      {bands && <BandKey mark="stale" bands={bands} />}
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

/** What a run held at the end of each window of a band, and sent in it; and behind that the bands. */
function debts(one: Series, { series }: Bands): uPlot.AlignedData {
  const window = Math.round(series.step / one.step);
  const places = Array.from({ length: Math.ceil(one.t.length / window) }, (_, i) => i);
  const atEnd = (values: (number | null)[]) => places.map((i) => values[Math.min((i + 1) * window, values.length) - 1] ?? null);
  const run = [places.map((i) => ((i + 1) * series.step) / 1000), atEnd(one.hints), atEnd(one.diverged), places.map((i) => sum(one.repairBytes.slice(i * window, (i + 1) * window)))];
  const courses = [series.hints, series.diverged_keys, series.repair_bytes];
  const behind = [series.t.map((time) => time / 1000), ...courses.flatMap(spreadColumns)];
  return uPlot.join([run, behind] as uPlot.AlignedData[]) as uPlot.AlignedData;
}

export function DebtChart({ series, faults, end, bands = null }: TimeProps) {
  const data = useMemo(() => (bands ? debts(series[0]!, bands) : table(series, (one) => [one.hints, one.diverged, one.repairBytes])), [series, bands]);
  const first = series[0];
  const most = first ? Math.max(0, ...first.hints.map((count) => count ?? 0)) : 0;
  const repaired = first ? sum(first.repairBytes) : 0;
  // From outside nobody sees what owners hold, or what repairs send.
  const outside = first !== undefined && first.repairBytes.every((count) => count === null);
  return (
    <Plot
      title="Entropy debt"
      testid="chart-entropy"
      note={`up to ${whole(most)} hints${outside ? ", all buckets" : `, ${bytes(repaired)} repaired`}`}
      data={data}
      made={[series.length, end, bands !== null]}
      time={{ faults, end }}
      options={(colours) => ({
        scales: { ...time(end), y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] }, bytes: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] } },
        axes: [
          bottom(colours, { values: (_, values) => secondsText(values) }),
          side(colours, { values: (_, values) => values.map(shortNumber) }),
        ],
        bands: bands ? [filled(colours.hint, 4), filled(colours.stale, 7), filled(colours.repair, 10)] : [],
        series: [
          {},
          ...series.flatMap((_, index) => [
            line(colours.hint, { spanGaps: true, dash: index ? dashed : undefined, fill: index || bands ? undefined : faded(colours.hint, 0.14) }),
            line(colours.stale, { spanGaps: true, dash: index ? dashed : undefined }),
            line(colours.repair, { spanGaps: true, scale: "bytes", width: 1.25, dash: index ? dashed : [1, 3] }),
          ]),
          ...(bands ? [...bandLines(colours.hint), ...bandLines(colours.stale), ...bandLines(colours.repair, { scale: "bytes" })] : []),
        ],
      })}
    >
      {bands && <BandKey mark="hint" bands={bands} />}
      <p class="chart-key">
        <Key mark="stroke stroke-hint" text="hints held" />
        {!outside && <Key mark="stroke stroke-stale" text="keys diverged" />}
        {!outside && <Key mark="stroke stroke-repair" text="bytes repaired" />}
      </p>
    </Plot>
  );
}

