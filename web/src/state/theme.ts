// SPDX-License-Identifier: Apache-2.0
import { computed, effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 820px)");

const stored = (): Theme => {
  try {
    const text = localStorage.getItem("coterie.theme");
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    return "system";
  }
};

const large = matchMedia("(min-width: 1640px) and (min-height: 900px)");

export const theme = signal<Theme>(stored());
const systemIsDark = signal(darkSystem.matches);
/** The style sheet has one set of colours for each, by the attribute `data-theme`. */
const isDark = computed(() => (theme.value === "system" ? systemIsDark.value : theme.value === "dark"));
export const reducedMotion = signal(still.matches);
export const readOnly = signal(narrow.matches);
/** A screen with room for taller charts. */
export const roomy = signal(large.matches);

darkSystem.addEventListener("change", () => (systemIsDark.value = darkSystem.matches));
still.addEventListener("change", () => (reducedMotion.value = still.matches));
large.addEventListener("change", () => (roomy.value = large.matches));
narrow.addEventListener("change", () => (readOnly.value = narrow.matches));

/** The colours that canvases draw with; read from the style sheet, so that each stands in one place. */
export interface Palette {
  dark: boolean;
  paper: string;
  surface: string;
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  accent: string;
  write: string;
  read: string;
  repair: string;
  hint: string;
  tree: string;
  gossip: string;
  fail: string;
  stale: string;
  unsure: string;
  ok: string;
  shade: string;
  wash: string;
  font: string;
}

function read(dark: boolean): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark,
    paper: of("paper"),
    surface: of("surface"),
    ink: of("ink"),
    ink2: of("ink-2"),
    ink3: of("ink-3"),
    line: of("line"),
    accent: of("accent"),
    write: of("write"),
    read: of("read"),
    repair: of("repair"),
    hint: of("hint"),
    tree: of("tree"),
    gossip: of("gossip"),
    fail: of("fail"),
    stale: of("stale"),
    unsure: of("unsure"),
    ok: of("ok"),
    shade: of("shade"),
    wash: of("wash"),
    font: of("font"),
  };
}

export const palette = signal<Palette>(read(isDark.peek()));

effect(() => {
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
  try {
    localStorage.setItem("coterie.theme", theme.value);
  } catch {
    // A browser that stores nothing keeps the choice for this visit.
  }
  palette.value = read(isDark.value);
});

export function nextTheme() {
  theme.value = isDark.peek() ? "light" : "dark";
}

/** The colour of what a node owns: pale, so that versions and messages stand out before it. */
export function ownerColour(owner: number, isDark: boolean): string {
  const hue = (owner * 137.508 + 210) % 360;
  return isDark ? `oklch(0.58 0.075 ${hue.toFixed(1)})` : `oklch(0.74 0.075 ${hue.toFixed(1)})`;
}

/** The colour of a version: neighbours in time lie far apart on the wheel. */
export function versionColour(write: number, isDark: boolean): string {
  const hue = (write * 137.508 + 40) % 360;
  return isDark ? `oklch(0.72 0.12 ${hue.toFixed(1)})` : `oklch(0.64 0.13 ${hue.toFixed(1)})`;
}
