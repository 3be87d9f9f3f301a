// SPDX-License-Identifier: Apache-2.0
import { computed, signal } from "@preact/signals";
import type { Hour, State } from "./contract";

/** What the node told last; null before the first word. */
export const state = signal<State | null>(null);
export const hour = signal<Hour | null>(null);

/** `streams`: it tells by itself; `asked`: its streams are taken, so it is asked; `lost`: it does not answer. */
export const link = signal<"opening" | "streams" | "asked" | "lost">("opening");
/** Seconds since the node last told anything. */
export const silence = signal(0);
export const isLost = computed(() => link.value === "lost");

const pollMillis = 5000;
const silentMillis = 6000;
let heard = performance.now();
let asked = 0;

function take(told: State) {
  heard = performance.now();
  silence.value = 0;
  state.value = told;
}

let source: EventSource | null = null;

function listen() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource("/dashboard/stream");
  source.addEventListener("state", (event) => {
    link.value = "streams";
    take(JSON.parse((event as MessageEvent<string>).data) as State);
  });
  source.addEventListener("hour", (event) => (hour.value = JSON.parse((event as MessageEvent<string>).data) as Hour));
  source.onerror = () => {
    // A browser tries again by itself where the connection broke, and not where it was refused.
    if (source?.readyState === EventSource.CLOSED) void ask();
  };
}

/** Asks once, and again later: a stream was refused, or the node is away. */
async function ask() {
  if (document.hidden) {
    setTimeout(() => void ask(), pollMillis);
    return;
  }
  try {
    const response = await fetch("/dashboard");
    if (!response.ok) throw new Error(String(response.status));
    const whole = (await response.json()) as State & { hour: Hour };
    link.value = "asked";
    hour.value = whole.hour;
    take(whole);
  } catch {
    link.value = "lost";
  }
  // Now and then a stream may be free again.
  const again = link.peek() === "lost" || ++asked % 12 === 0;
  setTimeout(() => (again ? listen() : void ask()), pollMillis);
}

/** A page that nobody sees follows nothing: the node need not ask the others for it. */
function seen() {
  if (document.hidden) source?.close();
  else {
    heard = performance.now();
    if (link.peek() !== "asked") listen();
  }
}

export function follow() {
  listen();
  document.addEventListener("visibilitychange", seen);
  setInterval(() => {
    if (document.hidden) return;
    const quiet = performance.now() - heard;
    silence.value = Math.floor(quiet / 1000);
    if (quiet > silentMillis && link.peek() === "streams") link.value = "lost";
  }, 1000);
}
