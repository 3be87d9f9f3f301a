// SPDX-License-Identifier: Apache-2.0
// The page's clock over the recording. Nothing is simulated here: going back is looking elsewhere.
import { computed, signal } from "@preact/signals";
import { duration, sides } from "./runs";

export const speeds = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20] as const;

/** Virtual time on show, in ms. */
export const at = signal(0);
export const playing = signal(false);
/** Virtual seconds for each real one. */
export const speed = signal<number>(0.005);
/** Set while the clock waits for a piece of the recording. */
export const waiting = signal(false);
/** The last thing that a step went to, in words. */
export const caption = signal("");

/** Whether the clock runs too fast for the recording to be fetched whole. */
export const glimpsing = computed(() => {
  const width = sides.value[0]?.run.value?.timeline.width ?? 1000;
  return playing.value && speed.value * 1000 * 0.15 > width;
});

export function seek(to: number) {
  // Sums of times leave dust behind the nanoseconds.
  at.value = Math.min(Math.max(0, Math.round(to * 1e6) / 1e6), duration.peek());
}

export function faster(steps: number) {
  const index = speeds.findIndex((one) => one >= speed.peek() - 1e-9);
  speed.value = speeds[Math.min(Math.max(0, index + steps), speeds.length - 1)]!;
}

export function toggle() {
  if (duration.peek() === 0) return;
  if (!playing.peek() && at.peek() >= duration.peek()) at.value = 0;
  playing.value = !playing.peek();
}

/** For how long from now no message of an operation is in flight: such times are passed more quickly. */
function quiet(): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const side of sides.peek()) {
    const timeline = side.run.peek()?.timeline;
    if (timeline && at.peek() < timeline.end) shortest = Math.min(shortest, timeline.quietFrom(at.peek()));
  }
  return Number.isFinite(shortest) ? shortest : 0;
}

/** Moves the clock on by a frame. */
export function tick(realMs: number) {
  if (!playing.peek()) return;
  const usual = Math.min(realMs, 100) * speed.peek();
  const step = Math.max(usual, Math.min(usual * 14, quiet()));
  const next = at.peek() + step;
  if (next >= duration.peek()) {
    at.value = duration.peek();
    playing.value = false;
    return;
  }
  if (!glimpsing.peek()) {
    const missing = sides.peek().some((side) => {
      const timeline = side.run.peek()?.timeline;
      return timeline && !timeline.empty && next < timeline.end && timeline.chunkAt(next) === null;
    });
    waiting.value = missing;
    if (missing) return;
  }
  at.value = next;
}
