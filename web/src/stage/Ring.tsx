// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Moment } from "../recording/chunk";
import { nodeIndex, type Flight } from "../recording/message";
import { lookAt } from "../state/actions";
import { at, caption, glimpsing } from "../state/clock";
import { focusKey, focusMessage, focusOp } from "../state/focus";
import type { Side } from "../state/runs";
import { palette, reducedMotion } from "../state/theme";
import { Canvas, type Surface } from "../ui/Canvas";
import type { Layout } from "./geometry";
import { drawRing, placeOf } from "./ring";

/** The ring with its messages in flight; the middle of the page. */
export function Ring({ side }: { side: Side }) {
  const run = side.run.value;
  const hovered = useSignal(-1);
  const drawn = useRef<{ layout: Layout; moment: Moment } | null>(null);
  if (!run) return <div class="stage-empty">{side.running.value ? "Running…" : ""}</div>;
  const { timeline, summary } = run;
  const indexOf = nodeIndex(summary.nodes);

  const draw = (surface: Surface) => {
    const time = at.value;
    void timeline.loaded.value;
    const moment = (glimpsing.value ? timeline.glimpseAt(time) : timeline.momentAt(Math.min(time, timeline.end))) ?? drawn.current?.moment;
    if (!moment) return;
    const layout = drawRing(surface, {
      summary,
      moment,
      ops: timeline.opsAt(time),
      at: glimpsing.value ? moment.at : time,
      focusKey: focusKey.value,
      focusOp: focusOp.value?.id ?? null,
      focusMessage: focusMessage.value?.run === run.id ? focusMessage.value.flight.id : null,
      hovered: hovered.value,
      trails: !reducedMotion.value,
      palette: palette.value,
    });
    drawn.current = { layout, moment };
  };

  const point = (x: number, y: number, press: boolean) => {
    if (!drawn.current) return;
    const { layout, moment } = drawn.current;
    const node = layout.nodes.findIndex((where) => Math.hypot(where.x - x, where.y - y) < layout.node + 6);
    hovered.value = node;
    if (!press) return;
    if (node >= 0) {
      const [held, waiting] = [moment.hints[node] ?? 0, moment.queues[node] ?? 0];
      const calls = timeline.opsAt(at.peek()).filter((op) => indexOf(op.via) === node).length;
      const parts = [moment.states[node]!, counted(held, "holds", "hint"), counted(waiting, "has not answered", "request", " of other nodes"), counted(calls, "carries out", "call", " of clients")];
      caption.value = `Node ${summary.nodes[node]!.short} is ${parts.filter((one) => one !== "").join(", ")}.`;
      return;
    }
    const near = nearest(layout, moment.flying, x, y);
    if (!near) {
      focusOp.value = null;
      focusMessage.value = null;
      return;
    }
    void lookAt(run, near);
  };

  return (
    <Canvas
      class="ring"
      testid={side.name === "a" ? "ring" : "ring-b"}
      label={`Ring of ${summary.nodes.length} nodes with the messages in flight`}
      draw={draw}
      onPoint={point}
      onLeave={() => (hovered.value = -1)}
    />
  );

  function nearest(layout: Layout, flying: Flight[], x: number, y: number): Flight | null {
    let best: Flight | null = null;
    let distance = 12;
    for (const flight of flying) {
      const where = placeOf(layout, flight, at.peek());
      if (!where) continue;
      const d = Math.hypot(where.x - x, where.y - y);
      if (d < distance) [best, distance] = [flight, d];
    }
    return best;
  }
}

const counted = (count: number, does: string, what: string, more = "") => (count === 0 ? "" : `${does} ${count} ${what}${count === 1 ? "" : "s"}${more}`);
