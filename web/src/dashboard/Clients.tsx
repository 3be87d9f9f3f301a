// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { bottom, decades, faded, line, shortNumber, side } from "../charts/axes";
import { latency, percent, whole } from "../ui/format";
import type { Clients as Values, Hour, State, Target } from "./contract";
import { Figure } from "./Figure";
import type { FigureId } from "./figures";
import { Forecast } from "./Forecast";
import { rate, share } from "./format";
import { hour } from "./live";
import { LivePlot } from "./LivePlot";
import { Mark } from "./marks";
import { Section } from "./Section";

const hourSeconds = 3600;
const leastSeconds = 600;

export function Clients({ now }: { now: State }) {
  const { clients } = now;
  const missed = clients.targets.filter(({ met }) => met === false).length;
  return (
    <Section id="clients" wide title="Clients" note={missed === 0 ? "within their targets" : `${missed} ${missed === 1 ? "target" : "targets"} missed`}>
      <Tiles clients={clients} />
      <Charts clients={clients} />
      {now.staleness && <Forecast now={now} />}
    </Section>
  );
}

interface TileProps {
  id: FigureId;
  name: string;
  value: string;
  unit: string;
  more: string;
  target?: Target | undefined;
}

function Tile({ id, name, value, unit, more, target }: TileProps) {
  const missed = target?.met === false;
  return (
    <div class={`tile${missed ? " missed" : ""}`} data-testid={`tile-${id}`}>
      <h3>{name}</h3>
      <Figure id={id}>
        <b class="num">{value}</b> <span>{value === "–" ? "" : unit}</span>
      </Figure>
      <p>{more}</p>
      {target && (
        <p class="tile-target">
          <Mark name={target.met === null ? "none" : missed ? "bad" : "good"} />
          {target.met === null ? "too few to judge" : missed ? "missed:" : "target"} {target.met !== null && `${target.at === "most" ? "≤" : "≥"} ${target.limit} ${unit}`}
        </p>
      )}
    </div>
  );
}

function Tiles({ clients }: { clients: Values }) {
  const target = (name: Target["name"]) => clients.targets.find((one) => one.name === name);
  const { read_ms, write_ms } = clients;
  return (
    <div class="tiles">
      <Tile id="reads" name="Reads" value={rate(clients.reads_per_s)} unit="/s" more={clients.reads_failed > 0 ? `${whole(clients.reads_failed)} failed in a minute` : "none failed"} />
      <Tile id="readSuccess" name="Answered" value={share(clients.read_success_pct)} unit="%" more={`${whole(clients.reads)} in a minute`} target={target("read_success_pct")} />
      <Tile id="readTime" name="Read p99" value={latency(read_ms.p99)} unit="ms" more={`p50 ${latency(read_ms.p50)} · p99.9 ${latency(read_ms.p999)}`} target={target("read_p99_ms")} />
      <Tile id="stale" name="Stale" value={percent(clients.stale_read_pct)} unit="%" more={`of ${whole(clients.stale_samples)} sampled`} target={target("stale_read_pct")} />
      <Tile id="writes" name="Writes" value={rate(clients.writes_per_s)} unit="/s" more={unsure(clients)} />
      <Tile id="writeSuccess" name="Applied" value={share(clients.write_success_pct)} unit="%" more={`${whole(clients.applied)} in a minute`} target={target("write_success_pct")} />
      <Tile id="writeTime" name="Write p99" value={latency(write_ms.p99)} unit="ms" more={`p50 ${latency(write_ms.p50)} · p99.9 ${latency(write_ms.p999)}`} target={target("write_p99_ms")} />
    </div>
  );
}

function unsure({ rejected, indeterminate }: Values): string {
  return rejected + indeterminate === 0 ? "none failed" : `${whole(rejected)} rejected, ${whole(indeterminate)} unsure`;
}

type Columns = (number | null)[][];

function table(of: Hour | null, columns: (one: Hour) => Columns): uPlot.AlignedData {
  if (!of) return [[]] as unknown as uPlot.AlignedData;
  const times = of.nodes.map((_, i) => (of.from_ms + (i + 1) * of.slice_ms) / 1000);
  return [times, ...columns(of)] as uPlot.AlignedData;
}

/** The last hour; less while the nodes are younger, but not less than ten minutes. */
const lastHour = (_: uPlot, low: number, high: number): [number, number] => {
  const end = Number.isFinite(high) && high > 0 ? high : Date.now() / 1000;
  const begun = Number.isFinite(low) && low > 0 ? low : end;
  return [Math.max(end - hourSeconds, Math.min(begun, end - leastSeconds)), end];
};

const fromZero = (least: number) => (_: uPlot, __: number, high: number | null): [number, number] => [0, Math.max(least, (high ?? 0) * 1.12)];

const clockAxis = (_: uPlot, values: number[]) =>
  values.map((value) => new Date(value * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false }));

/** Spans several decades: at least one, and the target within. */
const decadesWith = (target: number) => (_: uPlot, low: number | null, high: number | null): [number, number] => [
  10 ** Math.floor(Math.log10(Math.max(0.01, low ?? 1))),
  10 ** Math.ceil(Math.log10(Math.max(10, (high ?? 1) * 1.05, target * 1.05))),
];

function Charts({ clients }: { clients: Values }) {
  const of = hour.value;
  const limit = (name: Target["name"]) => clients.targets.find((one) => one.name === name)?.limit ?? 0;
  const requests = useMemo(() => table(of, (one) => [one.reads, one.applied]), [of]);
  const failed = useMemo(() => table(of, (one) => [add(one.reads_failed, one.rejected, one.indeterminate), add(one.rejected, one.indeterminate), one.indeterminate]), [of]);
  const reads = useMemo(() => table(of, (one) => [one.read_p999, one.read_p99, one.read_p50]), [of]);
  const writes = useMemo(() => table(of, (one) => [one.write_p999, one.write_p99, one.write_p50]), [of]);
  const stale = useMemo(() => table(of, (one) => [one.stale_pct]), [of]);
  const worst = of ? Math.max(0, ...(failed[1] as (number | null)[]).map((value) => value ?? 0)) : 0;
  const x = { range: lastHour };
  const time = { space: 60, values: clockAxis } as Partial<uPlot.Axis>;
  const latencyOptions = (target: number, colour: "read" | "write") => (colours: import("../state/theme").Palette) => ({
    scales: { x, y: { distr: 3 as const, range: decadesWith(target) } },
    axes: [bottom(colours, time), side(colours, { ...decades, grid: { stroke: colours.line, width: 1, ...decades }, values: (_: uPlot, values: (number | null)[]) => values.map((value) => (value === null ? "" : `${shortNumber(value)} ms`)), size: 52 })],
    series: [{}, line(faded(colours[colour], 0.4), { width: 1 }), line(colours[colour]), line(colours[colour], { width: 1, dash: [2, 3] })],
  });
  return (
    <div class="charts" data-testid="charts">
      <LivePlot
        testid="chart-requests"
        title={<Figure id="reads">Requests</Figure>}
        label="Reads and writes per second in the last hour"
        note="per second"
        data={requests}
        made={[]}
        options={(colours) => ({
          scales: { x, y: { range: fromZero(1) } },
          axes: [bottom(colours, time), side(colours, { values: (_, values) => values.map(shortNumber), size: 48 })],
          series: [{}, line(colours.read, { fill: faded(colours.read, 0.1) }), line(colours.write, { fill: faded(colours.write, 0.1) })],
        })}
      >
        <Stroke mark="read" text="reads answered" />
        <Stroke mark="write" text="writes applied" />
      </LivePlot>
      <LivePlot testid="chart-read" title={<Figure id="readTime">Read latency</Figure>} label="Read latency in the last hour" data={reads} made={[limit("read_p99_ms")]} target={limit("read_p99_ms")} options={latencyOptions(limit("read_p99_ms"), "read")}>
        <Stroke mark="read" text="p99" />
        <Stroke mark="read thin" text="p50" />
        <Stroke mark="read pale" text="p99.9" />
      </LivePlot>
      <LivePlot testid="chart-write" title={<Figure id="writeTime">Write latency</Figure>} label="Write latency in the last hour" data={writes} made={[limit("write_p99_ms")]} target={limit("write_p99_ms")} options={latencyOptions(limit("write_p99_ms"), "write")}>
        <Stroke mark="write" text="p99" />
        <Stroke mark="write thin" text="p50" />
        <Stroke mark="write pale" text="p99.9" />
      </LivePlot>
      <LivePlot
        testid="chart-failed"
        title={<Figure id="failed">Without success</Figure>}
        label="Requests without success per second in the last hour"
        note={worst === 0 ? "none in the last hour" : "per second"}
        data={failed}
        made={[]}
        options={(colours) => ({
          scales: { x, y: { range: fromZero(1) } },
          axes: [bottom(colours, time), side(colours, { values: (_, values) => values.map(shortNumber), size: 48 })],
          series: [
            {},
            line(colours.stale, { fill: faded(colours.stale, 0.35), width: 1 }),
            line(colours.fail, { fill: faded(colours.fail, 0.6), width: 1 }),
            line(colours.unsure, { fill: colours.unsure, width: 1 }),
          ],
        })}
      >
        <Stroke mark="unsure box" text="writes unsure" />
        <Stroke mark="fail box" text="writes rejected" />
        <Stroke mark="stale box" text="reads failed" />
      </LivePlot>
      <LivePlot
        testid="chart-stale"
        title={<Figure id="stale">Stale reads</Figure>}
        label="Stale reads in the last hour"
        note="% of the sampled"
        data={stale}
        made={[limit("stale_read_pct")]}
        target={limit("stale_read_pct")}
        options={(colours) => ({
          scales: { x, y: { range: fromZero(limit("stale_read_pct") * 1.4) } },
          axes: [bottom(colours, time), side(colours, { values: (_, values) => values.map((one) => `${shortNumber(one)} %`), size: 48 })],
          series: [{}, line(colours.stale, { fill: faded(colours.stale, 0.14), spanGaps: true })],
        })}
      />
    </div>
  );
}

const add = (...columns: (number | null)[][]) => (columns[0] ?? []).map((_, i) => columns.reduce<number | null>((sum, column) => (column[i] == null ? sum : (sum ?? 0) + column[i]!), null));

function Stroke({ mark, text }: { mark: string; text: string }) {
  return (
    <span class="key">
      <i class={`stroke stroke-${mark}`} /> {text}
    </span>
  );
}
