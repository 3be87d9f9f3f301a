// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Finished } from "../state/runs";
import { latency } from "../ui/format";
import { bottom, dashed, decadeText, leastMs, line, side, wholeDecades } from "./axes";
import { Plot } from "./Plot";

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
  // One step alone is a line too.
  if (xs.length === 1) {
    xs.push(xs[0]! * 10);
    ys.push(ys[0]!);
  }
  return [xs, ys];
}

/** How long reads and writes took: the share that was done within a time, time on a logarithmic axis. */
export function LatencyChart({ runs }: { runs: Finished[] }) {
  const data = useMemo(() => {
    const tables = runs.flatMap(({ summary }) => [steps(summary.latencyCdf.read), steps(summary.latencyCdf.write)]);
    return uPlot.join(tables as uPlot.AlignedData[]) as uPlot.AlignedData;
  }, [runs]);
  const marks = runs.slice(0, 1).flatMap(({ summary }) => [
    { at: summary.metrics.quorum_read_latency_ms.p99, read: true },
    { at: summary.metrics.quorum_write_latency_ms.p99, read: false },
  ]);
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
      made={[runs.length, marks.map((one) => one.at).join()]}
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
        ],
        hooks: {
          draw: [
            (u) => {
              for (const { at, read } of marks) {
                if (!(at > 0)) continue;
                const x = u.valToPos(at, "x", true);
                u.ctx.save();
                u.ctx.strokeStyle = read ? colours.read : colours.write;
                u.ctx.setLineDash([2, 3].map((one) => one * devicePixelRatio));
                u.ctx.lineWidth = devicePixelRatio;
                u.ctx.beginPath();
                u.ctx.moveTo(x, u.bbox.top);
                u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
                u.ctx.stroke();
                u.ctx.restore();
              }
            },
          ],
        },
      })}
    />
  );
}
