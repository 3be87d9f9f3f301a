// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type uPlot from "uplot";
import * as api from "../api/client";
import type { Op } from "../api/contract";
import { openOp } from "../state/actions";
import type { Finished } from "../state/runs";
import type { Palette } from "../state/theme";
import { whole } from "../ui/format";
import { bottom, decades, decadeText, leastMs, secondsText, side, wholeDecades } from "./axes";
import { Key } from "./Key";
import { Plot } from "./Plot";

/** Where it is drawn: what took no time has a place too. */
const took = (op: Op) => Math.max(leastMs, op.ms!);

/** Where no call took any time, a row for each kind says more than one line of all. */
const row = (op: Op) => (op.kind === "write" ? 3 : op.verdict === "stale" ? 1 : 2);
const rows = ["", "stale", "reads", "writes"];

/** Each operation a mark: when it began, how long it took, and what came of it. A press opens it. */
export function ScatterChart({ run, name }: { run: Finished; name: string }) {
  const ops = useSignal<Op[]>([]);
  useEffect(() => {
    let left = false;
    ops.value = [];
    api
      .ops(run.id, 0, run.timeline.end, 4000)
      .then((answer) => {
        if (!left) ops.value = answer.ops.filter((op) => op.ms !== null);
      })
      .catch(() => undefined);
    return () => {
      left = true;
    };
  }, [run]);
  const shown = ops.value;
  const flat = shown.length > 0 && shown.every((op) => op.ms === 0);
  const height = flat ? row : took;
  const data = useMemo(() => [shown.map((op) => op.at / 1000), shown.map(height)] as uPlot.AlignedData, [shown]);
  const { end } = run.timeline;
  const press = (u: uPlot, x: number, y: number) => {
    let best: Op | null = null;
    let distance = 14;
    for (const op of ops.peek()) {
      const d = Math.hypot(u.valToPos(op.at / 1000, "x") - x, u.valToPos(height(op), "y") - y) - (op.anomaly === null ? 0 : 4);
      if (d < distance) [best, distance] = [op, d];
    }
    if (best) openOp(best);
  };
  return (
    <Plot
      title={`Operations${name}`}
      testid="chart-ops"
      note={run.timeline.empty ? `${whole(shown.length)} marks` : `${whole(shown.length)} marks, press one`}
      data={data}
      height={flat ? 96 : 150}
      made={[run, shown]}
      time={{ faults: run.summary.faults, end }}
      onPress={press}
      options={(colours) => ({
        scales: { x: { time: false, range: [0, end / 1000] }, y: flat ? { range: [0.4, 3.6] } : { distr: 3, range: wholeDecades } },
        axes: [
          bottom(colours, { values: (_, values) => secondsText(values) }),
          flat
            ? side(colours, { size: 46, splits: [1, 2, 3], values: (_, values) => values.map((one) => rows[one]!) })
            : side(colours, { space: 16, size: 46, filter: decades.filter, grid: { stroke: colours.line, width: 1, filter: decades.filter }, values: decadeText }),
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        hooks: { draw: [(u) => drawMarks(u, shown, colours, height)] },
      })}
    >
      <p class="chart-key">
        <Key mark="dot dot-read" text="read" />
        <Key mark="dot dot-write" text="write" />
        <Key mark="mark-stale" text="stale" />
        <Key mark="mark-fail" text="failed" />
        <Key mark="mark-unsure" text="unsure" />
      </p>
    </Plot>
  );
}

function drawMarks(u: uPlot, ops: Op[], colours: Palette, height: (op: Op) => number) {
  const { ctx } = u;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.3 * scale;
  const plain = ops.filter((op) => op.result === "ok" && op.verdict !== "stale");
  ctx.globalAlpha = 0.42;
  for (const op of plain) {
    ctx.fillStyle = op.kind === "read" ? colours.read : colours.write;
    ctx.fillRect(u.valToPos(op.at / 1000, "x", true) - scale, u.valToPos(height(op), "y", true) - scale, 2 * scale, 2 * scale);
  }
  ctx.globalAlpha = 1;
  for (const op of ops) {
    const x = u.valToPos(op.at / 1000, "x", true);
    const y = u.valToPos(height(op), "y", true);
    const r = 3.2 * scale;
    ctx.beginPath();
    if (op.verdict === "stale") {
      ctx.fillStyle = colours.stale;
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.closePath();
      ctx.fill();
    } else if (op.result === "failed") {
      ctx.strokeStyle = colours.fail;
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
    } else if (op.result !== "ok") {
      ctx.strokeStyle = colours.unsure;
      ctx.arc(x, y, r * 0.8, 0, 7);
      ctx.stroke();
    }
  }
  ctx.restore();
}
