// SPDX-License-Identifier: Apache-2.0

/** `4 min`: the largest unit that fits. */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** Large amounts of bytes, in units of 1000. */
export function room(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || bytes < 0) return "–";
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value >= 10_000) return `${(value / 1000).toFixed(1)}k`;
  if (value >= 100) return value.toFixed(0);
  return value === 0 ? "0" : value.toFixed(1);
}

/** A share in percent that never reads as all of it, or as none, when it is not. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value === 0 || value === 100) return String(value);
  return value > 99 ? Math.min(99.999, Math.floor(value * 1000) / 1000).toString() : value.toFixed(2);
}

export const clock = (ms: number) => new Date(ms).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

/** `n1, n2 and 7 more` */
export function names(all: string[], most = 4): string {
  if (all.length <= most) return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
  return `${all.slice(0, most - 1).join(", ")} and ${all.length - most + 1} more`;
}
