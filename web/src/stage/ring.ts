// SPDX-License-Identifier: Apache-2.0
import type { Op, Summary } from "../api/contract";
import { cell, type Moment } from "../recording/chunk";
import type { Flight } from "../recording/message";
import { ownerColour, versionColour, type Palette } from "../state/theme";
import type { Surface } from "../ui/Canvas";
import { along, around, bend, layoutOf, lettersOut, type Layout, type Point } from "./geometry";
import { colourOf, mark } from "./shapes";

export interface RingView {
  summary: Summary;
  moment: Moment;
  ops: Op[];
  at: number;
  focusKey: number;
  focusOp: number | null;
  focusMessage: number | string | null;
  hovered: number;
  trails: boolean;
  palette: Palette;
}

/** Above this many messages in flight, links are drawn by how many they carry. */
const crowd = 200;

export function drawRing(surface: Surface, view: RingView): Layout {
  const { context, width, height } = surface;
  const layout = layoutOf(width, height, view.summary.nodes.length);
  context.lineCap = "round";
  context.lineJoin = "round";
  drawBand(context, layout, view);
  drawHomes(context, layout, view);
  drawKey(context, layout, view);
  drawFocusLinks(context, layout, view);
  drawFlights(context, layout, view);
  drawNodes(context, layout, view);
  drawBadges(context, layout, view, width);
  return layout;
}

/** Below this length an arc has no room for its owner's letter; then its dashes tell owners apart beside the colour. */
const letterArc = 7.5;
const ownerDashes = [[], [7, 2], [3, 2], [1, 2]];

/** The partitions round the ring, one arc each in the colour of its first owner, who is named beside it; those of the node pointed at stand out. */
function drawBand(context: CanvasRenderingContext2D, layout: Layout, { summary, hovered, palette }: RingView) {
  const starts = summary.nodes.flatMap((node, owner) => (node.tokens ?? []).map((share) => ({ share, owner })));
  starts.sort((one, other) => one.share - other.share);
  const full = 2 * Math.PI;
  context.lineCap = "butt";
  if (starts.length < 2) {
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(layout.centre.x, layout.centre.y, layout.band, 0, full);
    context.stroke();
  }
  const gap = Math.min(0.012, 1.2 / layout.band);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `500 8.5px ${palette.font}`;
  starts.forEach(({ share, owner }, index) => {
    const next = starts[index + 1]?.share ?? starts[0]!.share + 1;
    const from = share * full - Math.PI / 2 + gap;
    const to = next * full - Math.PI / 2 - gap;
    if (to <= from) return;
    const named = (to - from) * layout.band >= letterArc;
    context.strokeStyle = owner === hovered ? palette.accent : ownerColour(owner, palette.dark);
    context.lineWidth = owner === hovered ? 5 : 3;
    context.setLineDash(named ? [] : ownerDashes[owner % ownerDashes.length]!);
    context.beginPath();
    context.arc(layout.centre.x, layout.centre.y, layout.band, from, to);
    context.stroke();
    if (!named) return;
    const place = around(layout.centre, layout.band + 8, (share + next) / 2);
    context.fillStyle = owner === hovered ? palette.accent : palette.ink3;
    context.fillText(summary.nodes[owner]!.short, place.x, place.y);
  });
  context.setLineDash([]);
  context.lineCap = "round";
}

/** A soft band under the home replicas of the key in focus, so that its preference list is seen as one. */
function drawHomes(context: CanvasRenderingContext2D, layout: Layout, { summary, focusKey, palette }: RingView) {
  const homes = summary.homes?.[focusKey] ?? [];
  const count = summary.nodes.length;
  context.strokeStyle = palette.wash;
  context.lineWidth = layout.node * 2 + 14;
  for (const home of homes) {
    const next = homes.includes((home + 1) % count) && homes.length < count;
    const from = (home / count) * 2 * Math.PI - Math.PI / 2;
    context.beginPath();
    context.arc(layout.centre.x, layout.centre.y, layout.radius, from, from + (next ? (2 * Math.PI) / count : 0.0001));
    context.stroke();
  }
}

/** The key in focus and how far its copies agree, in the middle. */
function drawKey(context: CanvasRenderingContext2D, layout: Layout, { summary, moment, focusKey, palette }: RingView) {
  const homes = summary.homes?.[focusKey];
  if (!homes || layout.radius < 70) return;
  const newest = newestOf(moment, focusKey, summary.nodes.length);
  const behind = homes.filter((node) => Math.max(0, ...(moment.versions.get(cell(node, focusKey)) ?? [])) < newest).length;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette.ink2;
  context.font = `500 13px ${palette.font}`;
  context.fillText(summary.keys[focusKey] ?? "", layout.centre.x, layout.centre.y - 9);
  context.fillStyle = palette.ink3;
  context.font = `400 12px ${palette.font}`;
  const text = newest === 0 ? "as it began" : behind === 0 ? `${homes.length} copies alike` : `${behind} of ${homes.length} copies behind`;
  context.fillText(text, layout.centre.x, layout.centre.y + 9);
}

/** Faint ways of the messages of the operation in focus. */
function drawFocusLinks(context: CanvasRenderingContext2D, layout: Layout, view: RingView) {
  const { moment, focusOp, palette } = view;
  if (focusOp === null) return;
  context.lineWidth = 1.25;
  context.strokeStyle = palette.accent;
  context.globalAlpha = 0.35;
  for (const flight of moment.flying) {
    if (flight.op !== focusOp || flight.from === flight.to || flight.from < 0 || flight.to < 0) continue;
    const c = bend(layout, flight.from, flight.to);
    const [a, b] = [layout.nodes[flight.from]!, layout.nodes[flight.to]!];
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.quadraticCurveTo(c.x, c.y, b.x, b.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Where a message is now; null when it is not between two nodes. */
export function placeOf(layout: Layout, flight: Flight, at: number): Point | null {
  const a = layout.nodes[flight.from];
  const b = layout.nodes[flight.to];
  if (!a || !b) return null;
  return along(a, bend(layout, flight.from, flight.to), b, shareOf(flight, at));
}

function shareOf(flight: Flight, at: number): number {
  const share = Math.min(1, Math.max(0, (at - flight.sent) / Math.max(1e-6, flight.ends - flight.sent)));
  return flight.lost ? Math.min(0.62, share * 0.62) : share;
}

function drawFlights(context: CanvasRenderingContext2D, layout: Layout, view: RingView) {
  const { moment, palette } = view;
  const crowded = moment.flying.length > crowd;
  if (crowded) drawHeat(context, layout, view);
  const ofKey = new Set(view.ops.filter((op) => op.key === view.summary.keys[view.focusKey]).map((op) => op.id));
  const size = Math.max(3, Math.min(7, layout.radius / 38));
  for (const flight of moment.flying) {
    const wanted = flight.op !== null && (flight.op === view.focusOp || ofKey.has(flight.op));
    if (crowded && !wanted) continue;
    const a = layout.nodes[flight.from];
    const b = layout.nodes[flight.to];
    if (!a || !b) continue;
    const c = bend(layout, flight.from, flight.to);
    const share = shareOf(flight, view.at);
    const here = along(a, c, b, share);
    const colour = flight.lost ? palette.fail : colourOf(flight.purpose, palette);
    const quiet = flight.purpose === "gossip" || (view.focusOp !== null && !wanted);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    if (view.trails && flight.purpose !== "gossip") {
      const steps = 5;
      let last = here;
      for (let i = 1; i <= steps; i++) {
        const before = along(a, c, b, Math.max(0, share - i * 0.03));
        context.globalAlpha = (quiet ? 0.12 : 0.4) * (1 - i / (steps + 1));
        context.lineWidth = size * 0.8 * (1 - i / (steps + 2));
        context.beginPath();
        context.moveTo(last.x, last.y);
        context.lineTo(before.x, before.y);
        context.stroke();
        last = before;
      }
    }
    context.globalAlpha = quiet ? 0.45 : 1;
    context.save();
    context.translate(here.x, here.y);
    if (flight.id === view.focusMessage) {
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(0, 0, size + 5, 0, 2 * Math.PI);
      context.stroke();
    }
    if (flight.lost && view.at >= flight.ends) drawCross(context, size);
    else if (flight.lost) {
      context.fillStyle = palette.surface;
      context.fill(mark(flight.purpose, size));
      context.lineWidth = 1.6;
      context.stroke(mark(flight.purpose, size));
    } else {
      context.fill(mark(flight.purpose, size));
    }
    context.restore();
    context.globalAlpha = 1;
  }
}

function drawCross(context: CanvasRenderingContext2D, size: number) {
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(-size, -size);
  context.lineTo(size, size);
  context.moveTo(size, -size);
  context.lineTo(-size, size);
  context.stroke();
}

function drawHeat(context: CanvasRenderingContext2D, layout: Layout, { moment, palette }: RingView) {
  const counts = new Map<number, number>();
  for (const { from, to } of moment.flying) {
    if (from !== to && from >= 0 && to >= 0) counts.set(from * 64 + to, (counts.get(from * 64 + to) ?? 0) + 1);
  }
  const most = Math.max(1, ...counts.values());
  context.strokeStyle = palette.accent;
  for (const [link, count] of counts) {
    const from = link >> 6;
    const to = link & 63;
    const c = bend(layout, from, to);
    const [a, b] = [layout.nodes[from]!, layout.nodes[to]!];
    context.globalAlpha = 0.08 + 0.5 * (count / most);
    context.lineWidth = 0.6 + 2.4 * (count / most);
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.quadraticCurveTo(c.x, c.y, b.x, b.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawNodes(context: CanvasRenderingContext2D, layout: Layout, view: RingView) {
  const { summary, moment, palette, focusKey } = view;
  const homes = summary.homes?.[focusKey] ?? [];
  const newest = newestOf(moment, focusKey, summary.nodes.length);
  summary.nodes.forEach((node, index) => {
    const at = layout.nodes[index]!;
    const state = moment.states[index] ?? "up";
    const held = moment.versions.get(cell(index, focusKey));
    const rank = homes.indexOf(index);
    drawBody(context, at, layout, state, index === view.hovered, palette);
    if (held && held.length > 0) drawHeld(context, at, layout.node, held, newest, rank < 0, state, palette);
    else if (rank >= 0) drawEmptyHome(context, at, layout.node, palette);
    drawLabel(context, at, layout.node, node.short, state, palette);
    if (rank >= 0 && layout.node >= 11) drawRank(context, at, layout, rank + 1, index, summary.nodes.length, palette);
    drawRunning(context, layout, index, view);
  });
}

function newestOf(moment: Moment, key: number, nodes: number): number {
  let newest = 0;
  for (let node = 0; node < nodes; node++) {
    for (const write of moment.versions.get(cell(node, key)) ?? []) newest = Math.max(newest, write);
  }
  return newest;
}

function drawBody(context: CanvasRenderingContext2D, at: Point, { node: r }: Layout, state: string, hovered: boolean, palette: Palette) {
  context.beginPath();
  context.arc(at.x, at.y, r, 0, 2 * Math.PI);
  context.fillStyle = state === "up" ? palette.surface : palette.paper;
  context.fill();
  context.lineWidth = hovered ? 2.25 : 1.25;
  context.strokeStyle = hovered ? palette.accent : state === "down" ? palette.fail : palette.ink3;
  context.setLineDash(state === "down" ? [3, 4] : []);
  context.stroke();
  context.setLineDash([]);
}

/** The versions that a node holds of the key in focus, as a ring of their colours; broken where it is behind. */
function drawHeld(
  context: CanvasRenderingContext2D,
  at: Point,
  r: number,
  held: number[],
  newest: number,
  fallback: boolean,
  state: string,
  palette: Palette,
) {
  const part = (2 * Math.PI) / held.length;
  const behind = Math.max(...held) < newest;
  context.globalAlpha = state === "up" ? 1 : 0.45;
  context.lineWidth = Math.max(2.5, r * 0.2);
  context.lineCap = "butt";
  context.setLineDash(behind ? [r * 0.32, r * 0.2] : fallback ? [2, 3] : []);
  held.forEach((write, index) => {
    context.strokeStyle = versionColour(write, palette.dark);
    context.beginPath();
    const gap = held.length > 1 ? 0.08 : 0;
    context.arc(at.x, at.y, r - context.lineWidth / 2 - 2, index * part - Math.PI / 2 + gap, (index + 1) * part - Math.PI / 2 - gap);
    context.stroke();
  });
  context.setLineDash([]);
  context.lineCap = "round";
  context.globalAlpha = 1;
}

function drawEmptyHome(context: CanvasRenderingContext2D, at: Point, r: number, palette: Palette) {
  context.strokeStyle = palette.line;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(at.x, at.y, r - 4, 0, 2 * Math.PI);
  context.stroke();
}

function drawLabel(context: CanvasRenderingContext2D, at: Point, r: number, short: string, state: string, palette: Palette) {
  const size = Math.max(8.5, Math.min(18, r * 0.64));
  context.fillStyle = state === "up" ? palette.ink : state === "down" ? palette.fail : palette.ink2;
  context.font = `600 ${size}px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(short, at.x, at.y + 0.5);
  if (state === "up") return;
  const text = state === "paused" ? "paused" : state;
  context.font = `500 11px ${palette.font}`;
  const width = context.measureText(text).width + 10;
  context.fillStyle = palette.surface;
  context.strokeStyle = state === "down" ? palette.fail : palette.ink3;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(at.x - width / 2, at.y + r - 6, width, 16, 8);
  context.fill();
  context.stroke();
  context.fillStyle = state === "down" ? palette.fail : palette.ink2;
  context.fillText(text, at.x, at.y + r + 2.5);
}

/** The place in the key's preference list, inside the ring beside the node. */
function drawRank(context: CanvasRenderingContext2D, _at: Point, layout: Layout, rank: number, index: number, count: number, palette: Palette) {
  const where = around(layout.centre, layout.radius - layout.node - 10, index / count);
  context.fillStyle = palette.ink3;
  context.font = `500 10.5px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(rank), where.x, where.y);
}

/** Last, so that nothing runs through them: outside the band, a square and how many hints a node holds; bars and how many requests wait there. */
function drawBadges(context: CanvasRenderingContext2D, layout: Layout, { summary, moment, palette }: RingView, room: number) {
  const count = summary.nodes.length;
  context.font = `600 10.5px ${palette.font}`;
  context.lineWidth = 1.25;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (let node = 0; node < count; node++) {
    const badges = [
      { held: moment.hints[node] ?? 0, colour: palette.hint, bars: false },
      { held: moment.queues[node] ?? 0, colour: palette.ink2, bars: true },
    ]
      .filter(({ held }) => held > 0)
      .map((one) => ({ ...one, text: one.held > 9999 ? `${Math.round(one.held / 1000)}k` : String(one.held) }))
      .map((one) => ({ ...one, width: Math.ceil(context.measureText(one.text).width) + 18 }));
    if (badges.length === 0) continue;
    // Above and below they stand side by side, left and right one over the other.
    const out = around({ x: 0, y: 0 }, 1, node / count);
    const column = Math.abs(out.x) > 0.5;
    const sum = badges.reduce((all, { width }) => all + width, (badges.length - 1) * 3);
    const wide = column ? Math.max(...badges.map(({ width }) => width)) : sum;
    const high = column ? badges.length * 19 - 3 : 16;
    const away = layout.band + lettersOut + (Math.abs(out.x) * wide + Math.abs(out.y) * high) / 2;
    let x = Math.min(Math.max(1, layout.centre.x + out.x * away - wide / 2), room - wide - 1);
    let y = Math.max(1, layout.centre.y + out.y * away - high / 2);
    for (const { text, colour, bars, width } of badges) {
      context.fillStyle = palette.surface;
      context.strokeStyle = colour;
      context.beginPath();
      context.roundRect(x, y, width, 16, 4);
      context.fill();
      context.stroke();
      context.fillStyle = colour;
      if (bars) for (const line of [4.5, 7.25, 10]) context.fillRect(x + 4.5, y + line, 6, 1.5);
      else context.fillRect(x + 4.5, y + 5, 6, 6);
      context.fillText(text, x + 13.5, y + 8.5);
      if (column) y += 19;
      else x += width + 3;
    }
  }
}

/** A tick outside a node for each operation that it coordinates now. */
function drawRunning(context: CanvasRenderingContext2D, layout: Layout, index: number, view: RingView) {
  const { summary, ops, palette } = view;
  const short = summary.nodes[index]!.short;
  const id = summary.nodes[index]!.id;
  const here = ops.filter((op) => op.via === index || op.via === short || op.via === id).slice(0, 7);
  here.forEach((op, place) => {
    const share = index / summary.nodes.length + ((place - (here.length - 1) / 2) * 7) / (2 * Math.PI * (layout.radius + layout.node));
    const from = around(layout.centre, layout.radius + layout.node + 3, share);
    const to = around(layout.centre, layout.radius + layout.node + 9, share);
    context.strokeStyle = op.verdict === "stale" ? palette.stale : op.kind === "read" ? palette.read : palette.write;
    context.lineWidth = op.id === view.focusOp ? 3 : 2;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  });
}
