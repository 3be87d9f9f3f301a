// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Summary } from "../api/contract";
import { cell, type Moment } from "../recording/chunk";
import { at, caption, glimpsing } from "../state/clock";
import { focusKey } from "../state/focus";
import type { Side } from "../state/runs";
import { palette, versionColour, type Palette } from "../state/theme";
import { Canvas, type Surface } from "../ui/Canvas";

const rowHeight = 20;
const head = 24;
const keyWidth = 74;

/** Keys by nodes: which version each replica holds, so that divergence and healing show as colours. */
export function Copies({ side }: { side: Side }) {
  const run = side.run.value;
  const scrolled = useSignal(0);
  const last = useRef<Moment | null>(null);
  const surfaceWidth = useRef(600);
  if (!run) return <div class="stage-empty" />;
  const { timeline, summary } = run;
  const draw = (surface: Surface) => {
    void timeline.loaded.value;
    const time = at.value;
    const moment = (glimpsing.value ? timeline.glimpseAt(time) : timeline.momentAt(Math.min(time, timeline.end))) ?? last.current;
    if (!moment) return;
    last.current = moment;
    drawCopies(surface, summary, moment, scrolled.value, focusKey.value, palette.value);
  };
  const point = (x: number, y: number, press: boolean) => {
    const key = Math.floor((y - head + scrolled.peek()) / rowHeight);
    if (!press || key < 0 || key >= summary.keys.length) return;
    focusKey.value = key;
    const moment = last.current;
    const node = Math.floor((x - keyWidth) / ((surfaceWidth.current - keyWidth) / summary.nodes.length));
    const held = moment?.versions.get(cell(node, key));
    if (held) caption.value = `${summary.nodes[node]?.short} holds ${held.length ? held.map((one) => `w${one}`).join(" and ") : "nothing"} of ${summary.keys[key]}.`;
  };
  return (
    <div class="copies" data-testid="copies" onScroll={(event) => (scrolled.value = event.currentTarget.scrollTop)} tabIndex={0} aria-label="Versions by key and node">
      <div class="copies-still">
        <Canvas
          class="copies-canvas"
          testid="copies-canvas"
          label="Matrix of keys and nodes, coloured and named by version"
          draw={(surface) => {
            surfaceWidth.current = surface.width;
            draw(surface);
          }}
          onPoint={point}
        />
      </div>
      <div class="copies-tall" ref={(element) => void (element && (element.style.height = `${head + summary.keys.length * rowHeight + 8}px`))} />
    </div>
  );
}

function drawCopies({ context, width, height }: Surface, summary: Summary, moment: Moment, scrolled: number, focus: number, colours: Palette) {
  const nodes = summary.nodes.length;
  const column = (width - keyWidth) / nodes;
  const first = Math.max(0, Math.floor(scrolled / rowHeight));
  const rows = Math.ceil(height / rowHeight) + 1;
  context.textBaseline = "middle";
  for (let key = first; key < Math.min(summary.keys.length, first + rows); key++) {
    const top = head + key * rowHeight - scrolled;
    if (key === focus) {
      context.fillStyle = colours.shade;
      context.fillRect(0, top, width, rowHeight);
    }
    context.fillStyle = key === focus ? colours.ink : colours.ink2;
    context.font = `${key === focus ? 600 : 400} 11.5px ${colours.font}`;
    context.textAlign = "left";
    context.fillText(clip(summary.keys[key] ?? "", 11), 8, top + rowHeight / 2 + 0.5);
    const homes = summary.homes?.[key];
    let newest = 0;
    for (let node = 0; node < nodes; node++) newest = Math.max(newest, ...(moment.versions.get(cell(node, key)) ?? []));
    for (let node = 0; node < nodes; node++) {
      const held = moment.versions.get(cell(node, key));
      const home = homes ? homes.includes(node) : held !== undefined;
      if (!home && !held?.length) continue;
      drawCell(context, keyWidth + node * column + 2, top + 2, column - 4, rowHeight - 4, held ?? [], newest, home, colours);
    }
  }
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, width, head - 2);
  context.font = `600 11.5px ${colours.font}`;
  context.textAlign = "center";
  summary.nodes.forEach((node, index) => {
    const state = moment.states[index];
    context.fillStyle = state === "up" ? colours.ink : state === "down" ? colours.fail : colours.ink2;
    const name = column > 70 && state !== "up" ? `${node.short} ${state}` : state === "up" ? node.short : `${node.short}×`;
    context.fillText(column > 13 ? name : "·", keyWidth + (index + 0.5) * column, head / 2);
  });
}

function drawCell(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, held: number[], newest: number, home: boolean, colours: Palette) {
  if (held.length === 0) {
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 3);
    context.stroke();
    return;
  }
  const behind = Math.max(...held) < newest;
  const part = w / held.length;
  held.slice(0, 4).forEach((write, index) => {
    const left = x + index * part;
    const colour = versionColour(write, colours.dark);
    context.fillStyle = colour;
    context.globalAlpha = behind ? 0.26 : 0.92;
    context.beginPath();
    context.roundRect(left, y, part - (held.length > 1 ? 1 : 0), h, 3);
    context.fill();
    context.globalAlpha = 1;
    if (behind) hatch(context, left, y, part, h, colour);
    if (!home) {
      context.setLineDash([3, 2]);
      context.strokeStyle = colours.hint;
      context.stroke();
      context.setLineDash([]);
    }
    if (part < 34) return;
    context.fillStyle = behind ? colours.ink : colours.dark ? "#0d0f13" : "#ffffff";
    context.font = `500 11px ${colours.font}`;
    context.textAlign = "center";
    context.fillText(`w${write}`, left + part / 2, y + h / 2 + 0.5);
  });
}

/** Slanting lines over a copy that lacks the newest write. */
function hatch(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string) {
  context.save();
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = x - h; at < x + w; at += 6) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
}

const clip = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
