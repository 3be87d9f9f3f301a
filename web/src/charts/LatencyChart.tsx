// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Bands } from "../api/contract";
import type { Finished } from "../state/runs";
import { targetOf } from "../state/targets";
import { latency } from "../ui/format";
import { BandKey } from "./BandKey";
import { bandLines, bottom, dashed, decadeText, filled, leastMs, line, side, spreadColumns, wholeDecades } from "./axes";
import { Key } from "./Key";
import { Plot } from "./Plot";

/** How the moments are dashed by which 990 and 999 of 1000 were done; the key shows the same. */
const often = [5, 3];
const rare = [1.5, 2.5];

type Curve = [number, number][];

/** Steps of a distribution, x strictly growing as the chart needs it. */
function steps(curve: Curve): [number[], number[]] {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const [took, p] of curve.toSorted((one, other) => one[0] - other[0] || one[1] - other[1])) {
    const ms = Math.max(leastMs, took);
    if (xs.at(-1) === ms) ys[ys.length - 1] = Math.max(ys.at(-1)!, p);
    else {
      xs.push(ms);
      ys.push(p);
    }
  }
  // It rises from nothing, also where most took the same time; and one step alone is a line too.
  if (xs.length > 0 && ys[0]! > 0) {
    xs.unshift(xs[0]! * 0.98);
    ys.unshift(0);
  }
  if (xs.length === 2) {
    xs.push(xs[1]! * 10);
    ys.push(ys[1]!);
  }
  return [xs, ys];
}

/** How long reads and writes took: the share that was done within a time, time on a logarithmic axis. */
export function LatencyChart({ runs, bands = null }: { runs: Finished[]; bands?: Bands | null }) {
  const data = useMemo(() => {
    const tables = runs.flatMap(({ summary }) => [steps(summary.latencyCdf.read), steps(summary.latencyCdf.write)] as (number | null)[][][]);
    if (bands) for (const spread of [bands.latencyCdf.read, bands.latencyCdf.write]) tables.push([spread.t, ...spreadColumns(spread)]);
    return uPlot.join(tables as uPlot.AlignedData[]) as uPlot.AlignedData;
  }, [runs, bands]);
  if (!bands && runs.every(({ summary: { latencyCdf } }) => [...latencyCdf.read, ...latencyCdf.write].every(([ms]) => ms === 0))) return <TookNothing />;
  const marks = runs.slice(0, 1).flatMap(({ summary: { metrics } }) => [
    { at: metrics.quorum_read_latency_ms.p99, read: true, dash: often },
    { at: metrics.quorum_write_latency_ms.p99, read: false, dash: often },
    { at: metrics.quorum_read_latency_ms.p999, read: true, dash: rare },
    { at: metrics.quorum_write_latency_ms.p999, read: false, dash: rare },
  ]);
  const wanted = [
    { at: Number(targetOf("read_p99")?.value), read: true },
    { at: Number(targetOf("write_p99")?.value), read: false },
  ].filter((one) => one.at > 0);
  const { quorum_read_latency_ms: read, quorum_write_latency_ms: write } = runs[0]!.summary.metrics;
  return (
    <Plot
      title="Latency"
      testid="chart-latency"
      note={
        <>
          p99 <i class="dot dot-read" /> {latency(read.p99)} <i class="dot dot-write" /> {latency(write.p99)} ms
        </>
      }
      data={data}
      made={[runs.length, bands !== null, [...marks, ...wanted].map((one) => one.at).join()]}
      options={(colours) => ({
        scales: { x: { time: false, distr: 3, range: wholeDecades }, y: { range: [0, 1] } },
        axes: [
          bottom(colours, { space: 30, values: decadeText }),
          side(colours, { values: (_, values) => values.map((one) => `${Math.round(one * 100)} %`) }),
        ],
        series: [
          {},
          ...runs.flatMap((_, index) => [
            line(colours.read, { spanGaps: true, dash: index ? dashed : undefined, paths: uPlot.paths.stepped!({ align: 1 }) }),
            line(colours.write, { spanGaps: true, dash: index ? dashed : undefined, paths: uPlot.paths.stepped!({ align: 1 }) }),
          ]),
          ...(bands ? [...bandLines(colours.read), ...bandLines(colours.write)] : []),
        ],
        bands: bands ? [filled(colours.read, 3), filled(colours.write, 6)] : [],
        hooks: {
          draw: [
            (u) => {
              for (const { at, read, dash } of marks) {
                if (!(at > 0)) continue;
                const x = u.valToPos(at, "x", true);
                u.ctx.save();
                u.ctx.strokeStyle = read ? colours.read : colours.write;
                u.ctx.setLineDash(dash.map((one) => one * devicePixelRatio));
                u.ctx.lineWidth = devicePixelRatio;
                u.ctx.beginPath();
                u.ctx.moveTo(x, u.bbox.top);
                u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
                u.ctx.stroke();
                u.ctx.restore();
              }
              for (const { at, read } of wanted) drawTarget(u, at, read ? colours.read : colours.write);
            },
          ],
        },
      })}
    >
      {bands && <BandKey mark="read" bands={bands} />}
      <p class="chart-key">
        <Key mark="stroke stroke-read" text="reads" />
        <Key mark="stroke stroke-write" text="writes" />
        <Key mark="stroke stroke-dashes" text="p99" />
        <Key mark="stroke stroke-dots" text="p99.9" />
        {wanted.length > 0 && <Key mark="mark-target" text="target" />}
      </p>
    </Plot>
  );
}

/** R and W of one, at an owner that its clients reach at once: there is nothing to draw. */
function TookNothing() {
  return (
    <figure class="chart" data-testid="chart-latency">
      <figcaption>
        <h3>Latency</h3>
      </figcaption>
      <p class="quiet" data-testid="took-nothing">
        No call took any time. Its coordinator is an owner, whose own copy is all that R and W ask for, and neither the way to it nor its disk takes time here (hop, sync).
      </p>
    </figure>
  );
}

/** Where 99 of 100 should be done: a gate, its post on the axis and its bar at 99 %. */
function drawTarget(u: uPlot, at: number, colour: string) {
  const [x, y] = [u.valToPos(at, "x", true), u.valToPos(0.99, "y", true)];
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  const size = 5 * devicePixelRatio;
  u.ctx.save();
  u.ctx.fillStyle = colour;
  u.ctx.globalAlpha = 0.07;
  u.ctx.fillRect(x, u.bbox.top, u.bbox.left + u.bbox.width - x, u.bbox.height);
  u.ctx.globalAlpha = 1;
  u.ctx.beginPath();
  u.ctx.moveTo(x - size, y - size);
  u.ctx.lineTo(x + size, y - size);
  u.ctx.lineTo(x, y + size);
  u.ctx.closePath();
  u.ctx.fill();
  u.ctx.restore();
}
