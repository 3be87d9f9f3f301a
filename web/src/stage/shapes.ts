// SPDX-License-Identifier: Apache-2.0
import type { Purpose } from "../recording/message";
import type { Palette } from "../state/theme";

export const purposes: { purpose: Purpose; label: string }[] = [
  { purpose: "write", label: "write" },
  { purpose: "ack", label: "ack" },
  { purpose: "read", label: "read" },
  { purpose: "reply", label: "reply" },
  { purpose: "repair", label: "repair" },
  { purpose: "hint", label: "hint" },
  { purpose: "tree", label: "anti-entropy" },
  { purpose: "gossip", label: "gossip" },
];

export function colourOf(purpose: Purpose, palette: Palette): string {
  switch (purpose) {
    case "write":
    case "ack":
      return palette.write;
    case "read":
    case "reply":
      return palette.read;
    case "repair":
      return palette.repair;
    case "hint":
      return palette.hint;
    case "tree":
      return palette.tree;
    case "gossip":
    case "other":
      return palette.gossip;
  }
}

/** The outline of a purpose's mark around the origin, so that no purpose is told by its colour alone. */
export function markPath(purpose: Purpose, size: number): string {
  const s = size;
  const circle = (r: number) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
  switch (purpose) {
    case "write":
      return circle(s);
    case "ack":
      return circle(s * 0.62);
    case "read":
      return `M0 ${-s * 1.15}L${s * 1.1} ${s * 0.8}L${-s * 1.1} ${s * 0.8}Z`;
    case "reply":
      return `M0 ${s * 0.85}L${s * 0.8} ${-s * 0.6}L${-s * 0.8} ${-s * 0.6}Z`;
    case "repair":
      return `M0 ${-s * 1.2}L${s * 1.2} 0L0 ${s * 1.2}L${-s * 1.2} 0Z`;
    case "hint":
      return `M${-s} ${-s}H${s}V${s}H${-s}Z`;
    case "tree":
      return `M${-s * 0.35} ${-s * 1.1}H${s * 0.35}V${-s * 0.35}H${s * 1.1}V${s * 0.35}H${s * 0.35}V${s * 1.1}H${-s * 0.35}V${s * 0.35}H${-s * 1.1}V${-s * 0.35}H${-s * 0.35}Z`;
    case "gossip":
    case "other":
      return circle(s * 0.42);
  }
}

const cache = new Map<string, Path2D>();

export function mark(purpose: Purpose, size: number): Path2D {
  const name = purpose + size;
  let path = cache.get(name);
  if (!path) cache.set(name, (path = new Path2D(markPath(purpose, size))));
  return path;
}
