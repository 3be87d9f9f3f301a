// SPDX-License-Identifier: Apache-2.0

/** A latency in ms with three figures that mean something. */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  if (ms >= 100) return ms.toFixed(0);
  if (ms >= 10) return ms.toFixed(1);
  return ms.toFixed(2);
}

export function percent(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0 || value === 100) return value.toFixed(0);
  return value.toFixed(digits);
}

/** Seconds with the milliseconds apart, as the clock shows them: `12.345 678`. */
export function clockText(ms: number): string {
  const micros = Math.round(ms * 1000);
  const seconds = Math.floor(micros / 1_000_000);
  const rest = String(micros % 1_000_000).padStart(6, "0");
  return `${seconds}.${rest.slice(0, 3)}\u2009${rest.slice(3)}`;
}

export const seconds = (ms: number) => `${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return "–";
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

export const whole = (count: number | null | undefined) =>
  count === null || count === undefined ? "–" : String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u2009");

/** How fast the clock runs: `1/200` reads better than 0.005. */
export const speedText = (speed: number) => (speed >= 1 ? `${speed}×` : `1/${Math.round(1 / speed)}×`);

export function ratioText(ratio: number): string {
  return ratio >= 100 ? `${Math.round(ratio)}×` : `${ratio.toFixed(1)}×`;
}
