// SPDX-License-Identifier: Apache-2.0
// Where names of spans stand: over their own span, clear of the line that marks the moment and of each other.

/** A span on its line, and how wide its name is. */
export interface Named {
  x: number;
  to: number;
  y: number;
  wide: number;
}

const above = -9;
const below = 17;
const apart = 5;

export function place(spans: Named[], { left, right, mark }: { left: number; right: number; mark: number | null }): { x: number; y: number }[] {
  const taken: { x: number; y: number; wide: number }[] = [];
  for (const span of spans) {
    const free = (x: number, y: number) =>
      x >= left &&
      x + span.wide <= right &&
      (mark === null || x > mark + apart - 1 || x + span.wide < mark - apart + 1) &&
      taken.every((one) => one.y !== y || x > one.x + one.wide + apart || x + span.wide + apart < one.x);
    const within = Math.min(Math.max(left, span.x), right - span.wide);
    // From where it begins, to where it ends, else beside the mark.
    const tries = [within, span.to - span.wide, ...(mark === null ? [] : [mark - apart - span.wide, mark + apart])];
    const places = [above, below].flatMap((dy) => tries.map((x) => ({ x, y: span.y + dy })));
    const found = places.find(({ x, y }) => free(x, y)) ?? { x: within, y: span.y + above };
    taken.push({ ...found, wide: span.wide });
  }
  return taken;
}
