// SPDX-License-Identifier: Apache-2.0
// Time to the right, to scale, except that long stretches in which nothing is sent and nothing arrives
// are cut short; where that is done there is a break with its length.

export interface Break {
  from: number;
  to: number;
}

export interface Scale {
  x: (time: number) => number;
  breaks: Break[];
  /** Moments to name, in order; none inside a break. */
  ticks: number[];
}

export function scaleOf(times: number[], from: number, to: number, left: number, right: number): Scale {
  const points = [from, ...times.filter((time) => time > from && time < to).sort((one, other) => one - other), to];
  const gaps = points.slice(1).map((time, index) => ({ from: points[index]!, to: time, length: time - points[index]! }));
  const most = longest(gaps.map((gap) => gap.length));
  const cut = gaps.map((gap) => ({ ...gap, shown: Math.min(gap.length, most), broken: gaps.length > 1 && gap.length > most * 1.6 }));
  for (const gap of cut) if (!gap.broken) gap.shown = gap.length;
  const total = cut.reduce((sum, gap) => sum + gap.shown, 0) || 1;
  const perMs = (right - left) / total;
  let at = left;
  const pieces = cut.map((gap) => {
    const piece = { ...gap, x1: at, x2: at + gap.shown * perMs };
    at = piece.x2;
    return piece;
  });
  const x = (time: number) => {
    if (time <= from) return left;
    const piece = pieces.find((one) => time <= one.to);
    if (!piece) return right;
    return piece.x1 + (piece.length === 0 ? 0 : ((time - piece.from) / piece.length) * (piece.x2 - piece.x1));
  };
  const breaks = pieces.filter((piece) => piece.broken).map((piece) => ({ from: piece.from, to: piece.to }));
  return { x, breaks, ticks: ticksOf(from, to, x, perMs, breaks) };
}

/** The longest that a gap may be shown: no more than a seventh of the whole. */
function longest(lengths: number[]): number {
  let most = Math.max(...lengths);
  for (let i = 0; i < 12; i++) {
    const whole = lengths.reduce((sum, length) => sum + Math.min(length, most), 0);
    most = Math.min(most, whole / 7);
  }
  return Math.max(most, 1e-9);
}

function ticksOf(from: number, to: number, x: (time: number) => number, perMs: number, breaks: Break[]): number[] {
  const raw = 90 / perMs;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw)!;
  const found = [from];
  const add = (time: number) => {
    if (x(time) - x(found.at(-1)!) >= 44) found.push(time);
  };
  let start = from;
  for (const one of [...breaks, { from: to, to }]) {
    for (let time = from + Math.ceil((start - from) / step) * step; time < one.from; time += step) add(time);
    start = one.to;
  }
  return found;
}
