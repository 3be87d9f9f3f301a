// SPDX-License-Identifier: Apache-2.0
import type uPlot from "uplot";
import type { Course } from "../api/contract";
import type { Palette } from "../state/theme";

/** Axes and lines that all charts share. */
export function axis(colours: Palette, more: Partial<uPlot.Axis> = {}): uPlot.Axis {
  return {
    stroke: colours.ink3,
    font: `11px ${colours.font}`,
    labelFont: `11px ${colours.font}`,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    gap: 4,
    ...more,
  };
}

export const bottom = (colours: Palette, more: Partial<uPlot.Axis> = {}) => axis(colours, { size: 22, space: 54, grid: { show: false }, ...more });
export const side = (colours: Palette, more: Partial<uPlot.Axis> = {}) => axis(colours, { size: 38, space: 26, ...more });

export const line = (colour: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
  stroke: colour,
  width: 1.5,
  points: { show: false },
  ...more,
});

/** On a logarithmic axis: only the powers of ten have a line and a name. */
export const decades = {
  filter: (_: uPlot, splits: number[]) => splits.map((one) => (isDecade(one) ? one : null)),
};

export const isDecade = (value: number | null) => value !== null && value > 0 && Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6);

/** What took no time at all has a place on a logarithmic axis too: its left end, a µs. */
export const leastMs = 0.001;

/** Powers of ten around what is to be seen; two at least. */
export const wholeDecades = (_: uPlot, low: number | null, high: number | null): [number, number] => {
  const from = 10 ** Math.floor(Math.log10(Math.max(leastMs, low ?? leastMs)) + 1e-9);
  return [from, Math.max(from * 10, 10 ** Math.ceil(Math.log10(Math.max(leastMs, high ?? 1)) - 1e-9))];
};

/** Their names, short enough for the end of an axis. Of those that would touch on a bottom axis, every second or third is written. */
export const decadeText = (u: uPlot, values: (number | null)[], axis: number) => {
  const names = values.map((one) => (one === null || !isDecade(one) ? "" : one <= leastMs ? "0 ms" : one >= 1000 ? `${+(one / 1000).toPrecision(2)} s` : `${+one.toPrecision(2)} ms`));
  const { min, max } = u.scales.x ?? {};
  const written = names.filter(Boolean);
  if (axis !== 0 || !min || !max || written.length < 2) return names;
  const between = u.bbox.width / devicePixelRatio / Math.log10(max / min);
  const wide = Math.max(...written.slice(1).map((name, at) => (name.length + written[at]!.length) / 2));
  const step = Math.ceil((wide * letterPx + 8) / between);
  let at = 0;
  return names.map((name) => (name && at++ % step === 0 ? name : ""));
};

/** How wide a letter of an axis is, on average. */
const letterPx = 5.6;

export const dashed = [5, 4];

export const secondsText = (values: (number | null)[]) => values.map((value) => (value === null ? "" : `${+value.toFixed(3)} s`));

export const shortNumber = (value: number) =>
  Math.abs(value) >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toFixed(0)}k` : `${+value.toFixed(2)}`;

export const faded = (colour: string, share: number) => `color-mix(in oklab, ${colour} ${Math.round(share * 100)}%, transparent)`;

/** What of several seeds is drawn: between which values nine tenths of them lie, and their median. */
export const bandLines = (colour: string, more: Partial<uPlot.Series> = {}): uPlot.Series[] => [
  line(colour, { width: 0, spanGaps: true, ...more }),
  line(colour, { width: 0, spanGaps: true, ...more }),
  line(faded(colour, 0.75), { width: 1, spanGaps: true, dash: [2, 2], ...more }),
];

/** Fills between the two lines from `first` on. */
export const filled = (colour: string, first: number): uPlot.Band => ({ series: [first + 1, first], fill: faded(colour, 0.2) });

/** Three columns behind a table. */
export const spreadColumns = ({ low, high, median }: Course) => [low, high, median];
