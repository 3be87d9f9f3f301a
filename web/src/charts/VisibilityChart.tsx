// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Bands, CodeCurve, Visibility } from "../api/contract";
import type { Finished } from "../state/runs";
import { percent } from "../ui/format";
import { BandKey } from "./BandKey";
import { CodeUnderModel } from "./CodeUnderModel";
import { bandLines, bottom, dashed, decades, decadeText, faded, filled, leastMs, line, side, spreadColumns, wholeDecades } from "./axes";
import { Key } from "./Key";
import { Plot } from "./Plot";

/** Columns of both: the code where it was measured, the model there and wherever else it is known. */
function modelAndCode(code: CodeCurve, { t, wars }: Visibility): (number | null)[][] {
  const measured = new Map(code.t.map((ms, at) => [Math.max(leastMs, ms), code.measured[at]!]));
  const model = new Map(code.t.map((ms, at) => [Math.max(leastMs, ms), code.wars[at]!]));
  t.forEach((ms, at) => {
    const share = wars?.[at];
    if (share !== undefined && share !== null) model.set(Math.max(leastMs, ms), share);
  });
  const places = [...model.keys()].sort((one, other) => one - other);
  return [places, places.map((ms) => measured.get(ms) ?? null), places.map((ms) => model.get(ms)!)];
}

interface VisibilityProps {
  runs: Finished[];
  bands?: Bands | null;
  /** The code under the model's conditions, once it has been measured. */
  code?: CodeCurve | null;
  /** Whether that can be asked for here. */
  asks?: boolean;
}

/** How likely a read sees a write, by the time since the write was acknowledged, on a logarithmic axis. */
export function VisibilityChart({ runs, bands = null, code = null, asks = false }: VisibilityProps) {
  const some = runs.filter(({ summary }) => (summary.visibility?.t.length ?? 0) > 1);
  const data = useMemo(() => {
    const tables = some.map(({ summary: { visibility } }) => [
      visibility!.t.map((ms) => Math.max(leastMs, ms)),
      visibility!.measured.map((one) => one?.[0] ?? null),
      visibility!.measured.map((one) => one?.[1] ?? null),
      visibility!.measured.map((one) => one?.[2] ?? null),
      (code ? null : visibility!.wars) ?? visibility!.t.map(() => null),
    ]);
    if (code) tables.unshift(modelAndCode(code, some[0]!.summary.visibility!) as (typeof tables)[number]);
    if (bands) tables.push([bands.visibility.t, ...spreadColumns(bands.visibility)] as (typeof tables)[number]);
    return (tables.length ? uPlot.join(tables as uPlot.AlignedData[]) : [[0, 1]]) as uPlot.AlignedData;
  }, [runs, bands, code]);
  if (some.length === 0) return null;
  const closed = some[0]!.summary.visibility!.closedAt0;
  const first = some[0]!.summary.visibility!.measured[0]?.[0];
  const before = code ? 2 : 0;
  return (
    <Plot
      title="Seen by a read"
      testid="chart-visibility"
      note={
        <>
          at once {percent(first === undefined ? null : first * 100, 1)} %
          {closed !== null && closed !== undefined && <>, closed form {percent(closed * 100, 1)} %</>}
        </>
      }
      data={data}
      made={[some.length, closed, bands !== null, code !== null]}
      options={(colours) => ({
        scales: { x: { time: false, distr: 3, range: wholeDecades }, y: { range: (_, low) => [Math.max(0, Math.min(0.95, Math.floor(Math.min(low, closed ?? 1) * 20) / 20)), 1.004] } },
        axes: [
          bottom(colours, { space: 30, filter: decades.filter, values: decadeText }),
          side(colours, { values: (_, values) => values.map((one) => `${+(one * 100).toFixed(1)} %`) }),
        ],
        series: [
          {},
          // The model lies above the code, or nobody saw that they are on each other.
          ...(code ? [line(colours.read, { spanGaps: true, width: 1.5, dash: [8, 4], points: { show: true, size: 6, width: 1.5, stroke: colours.read, fill: colours.surface } }), line(colours.ink, { spanGaps: true, width: 1.25, dash: [2, 3] })] : []),
          ...some.flatMap((_, index) => [
            line(index ? colours.ink2 : colours.accent, { spanGaps: true, width: 2, dash: index ? dashed : undefined }),
            line("transparent", { spanGaps: true, width: 0 }),
            line("transparent", { spanGaps: true, width: 0 }),
            line(colours.ink3, { spanGaps: true, width: 1.25, dash: [2, 3] }),
          ]),
          ...(bands ? bandLines(colours.accent) : []),
        ],
        // The run's own interval gives way to what seeds do.
        bands: bands ? [filled(colours.accent, 5 + before)] : some.map((_, index) => ({ series: [3 + before + index * 4, 2 + before + index * 4] as [number, number], fill: faded(index ? colours.ink2 : colours.accent, 0.16) })),
        hooks: {
          draw: [
            (u) => {
              if (closed === null || closed === undefined) return;
              u.ctx.save();
              u.ctx.setLineDash([]);
              u.ctx.strokeStyle = colours.ink;
              u.ctx.fillStyle = colours.surface;
              u.ctx.lineWidth = 1.5 * devicePixelRatio;
              u.ctx.beginPath();
              u.ctx.arc(u.bbox.left, u.valToPos(closed, "y", true), 3 * devicePixelRatio, 0, 7);
              u.ctx.fill();
              u.ctx.stroke();
              u.ctx.restore();
            },
          ],
        },
      })}
    >
      {bands && <BandKey mark="accent" bands={bands} />}
      <p class="chart-key">
        {!bands && <Key mark="stroke stroke-accent" text="this run, 95 %" />}
        <Key mark="stroke stroke-dots" text="model (WARS)" />
        {code && <Key mark="stroke stroke-read stroke-dash" text="the code under the model's conditions" />}
        <Key mark="ringlet" text="closed form" />
      </p>
      {asks && <CodeUnderModel />}
    </Plot>
  );
}
