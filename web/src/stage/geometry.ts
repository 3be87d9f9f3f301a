// SPDX-License-Identifier: Apache-2.0

export interface Point {
  x: number;
  y: number;
}

/** Where everything of the ring lies, for a place of a given size and a number of nodes. */
export interface Layout {
  centre: Point;
  radius: number;
  band: number;
  node: number;
  nodes: Point[];
}

/** Outside the band: letters of its arcs, and beyond these what nodes hold for others and what waits there. */
export const lettersOut = 14;
const badgeHigh = 18;
const badgeWide = 34;

export function layoutOf(width: number, height: number, count: number): Layout {
  const centre = { x: width / 2, y: height / 2 };
  const band = Math.max(40, Math.min(width / 2 - badgeWide, height / 2 - badgeHigh) - lettersOut);
  const node = Math.max(7, Math.min(34, (Math.PI * band) / Math.max(1, count) / 1.7, band / 6.2));
  const radius = band - node - 14;
  const nodes = Array.from({ length: count }, (_, index) => around(centre, radius, index / count));
  return { centre, radius, band, node, nodes };
}

/** A point on a circle, by its share of the way round from the top. */
export function around(centre: Point, radius: number, share: number): Point {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
}

/** The bend of the way from one node to another: towards the middle, and to the right of the way. */
export function bend(layout: Layout, from: number, to: number): Point {
  const a = layout.nodes[from]!;
  const b = layout.nodes[to]!;
  if (from === to) return around(layout.centre, layout.radius + layout.node * 3, from / layout.nodes.length);
  const mid = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const across = { x: b.y - a.y, y: a.x - b.x };
  return {
    x: mid.x + (layout.centre.x - mid.x) * 0.22 + across.x * 0.07,
    y: mid.y + (layout.centre.y - mid.y) * 0.22 + across.y * 0.07,
  };
}

export function along(a: Point, c: Point, b: Point, share: number): Point {
  const u = 1 - share;
  return {
    x: u * u * a.x + 2 * u * share * c.x + share * share * b.x,
    y: u * u * a.y + 2 * u * share * c.y + share * share * b.y,
  };
}
