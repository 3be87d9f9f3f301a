// SPDX-License-Identifier: Apache-2.0
import { computed, signal, type Signal } from "@preact/signals";
import * as api from "../api/client";
import { Refused } from "../api/client";
import type { AnomalyHead, LeftOut, Progress, Series, Started, StartedLive, Summary, Verdict } from "../api/contract";
import { Timeline } from "../recording/timeline";
import { fragmentOf, linkIn, ofTemplate, settingsOf, textOf, type Settings } from "../scenario/text";
import { catalogue, notice } from "./catalogue";

/** A run that ended and whose recording can be played. */
export interface Finished extends Started {
  summary: Summary;
  anomalies: AnomalyHead[];
  timeline: Timeline;
}

/** One configuration and what it ran. There are two when two are compared. */
export class Side {
  readonly settings = signal<Settings>({ template: "", values: {} });
  readonly text = computed(() => textOf(this.settings.value, catalogue.value));
  readonly verdict = signal<Verdict | null>(null);
  /** What the server refused about the settings. */
  readonly refusal = signal<{ sentence: string; field: string | null } | null>(null);
  readonly progress = signal<Progress | null>(null);
  /** The series of a run that is under way. */
  readonly live = signal<Series | null>(null);
  readonly run: Signal<Finished | null> = signal(null);
  /** The run on a real cluster that is under way. */
  readonly real = signal<StartedLive | null>(null);
  /** What a run on a real cluster, on show or under way, leaves out; null where there is none. */
  readonly leftOut = computed<LeftOut[] | null>(() => this.real.value?.leftOut ?? this.run.value?.summary.real?.leftOut ?? null);
  readonly running = computed(() => this.progress.value !== null);
  /** The text that the run on show, or under way, was started with. */
  readonly asked = signal("");
  readonly changed = computed(() => this.asked.value !== "" && this.text.value !== this.asked.value);
  #turn = 0;
  #stop: (() => void) | null = null;
  #asking: AbortController | null = null;

  constructor(readonly name: "a" | "b") {}

  set(field: string, value: string) {
    const before = this.settings.peek();
    this.settings.value = { ...before, values: { ...before.values, [field]: value } };
  }

  async judge() {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      this.verdict.value = await api.verdict(this.text.peek(), asking.signal);
      this.refusal.value = null;
    } catch (error) {
      if (!(error instanceof Refused)) return;
      this.refusal.value = { sentence: error.message, field: error.field };
    }
  }

  /**
   * Runs the present settings: simulated, and what was on show stays until the new run has ended; or on the
   * cluster of the node that serves the page, and what comes of it is shown as it comes.
   */
  async execute(where: "simulated" | "real" = "simulated"): Promise<boolean> {
    const turn = ++this.#turn;
    const text = this.text.peek();
    this.#stop?.();
    this.halt();
    this.real.value = null;
    this.asked.value = text;
    this.progress.value = { at: 0, of: 1, operations: 0 };
    this.live.value = null;
    try {
      const started = where === "real" ? await this.#startLive(text) : await this.#start(text, turn);
      if (turn !== this.#turn) return false;
      const end = await this.#follow(started.id, turn);
      if (end === null || turn !== this.#turn) return false;
      if (end !== "") notice.value = `The run was stopped: ${end}`;
      const [summary, anomalies] = await Promise.all([api.summary(started.id), where === "real" ? [] : api.anomalies(started.id)]);
      if (turn !== this.#turn) return false;
      this.run.value = { ...started, scenario: summary.scenario, summary, anomalies, timeline: new Timeline(started.id, summary) };
      this.refusal.value = null;
      return true;
    } catch (error) {
      if (turn !== this.#turn) return false;
      if (error instanceof Refused && error.status === 400) {
        this.refusal.value = { sentence: error.message, field: error.field };
      } else {
        notice.value = error instanceof Error ? error.message : String(error);
      }
      return false;
    } finally {
      if (turn === this.#turn) {
        this.progress.value = null;
        this.real.value = null;
      }
    }
  }

  /** Stops a run on a real cluster that is under way; what it has come to is shown. */
  halt() {
    const under = this.real.peek();
    if (under) void api.drop(under.id).catch(() => undefined);
  }

  async #startLive(text: string): Promise<StartedLive> {
    const started = await api.startLive(text);
    this.real.value = started;
    this.run.value = null;
    return started;
  }

  /** Asks for a run; where too many run already, asks again until it is its turn, or for as long as a run may take. */
  async #start(text: string, turn: number): Promise<Started> {
    for (let tries = 0; ; tries++) {
      try {
        return await api.start(text);
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 429 || tries >= 70 || turn !== this.#turn) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** Answers "" when the run ended whole, a reason when it was stopped, null when it was left. */
  #follow(id: string, turn: number): Promise<string | null> {
    return new Promise((resolve) => {
      const stop = api.follow(id, {
        progress: (progress) => {
          if (turn === this.#turn) this.progress.value = progress;
        },
        series: (delta) => {
          if (turn === this.#turn) this.live.value = grown(this.live.peek(), delta);
        },
        finished: () => resolve(""),
        stopped: (why) => resolve(why),
        broken: () => resolve(""),
      });
      this.#stop = () => {
        stop();
        resolve(null);
      };
    });
  }
}

function grown(before: Series | null, delta: Partial<Series>): Series {
  const names = ["t", "reads", "readsFailed", "readP50", "readP99", "writeP99", "ok", "failed", "indeterminate", "stale", "hints", "diverged", "repairBytes"] as const;
  const after = { step: delta.step ?? before?.step ?? 100 } as Series;
  for (const name of names) {
    (after[name] as (number | null)[]) = [...(before?.[name] ?? []), ...(delta[name] ?? [])];
  }
  return after;
}

export const sideA = new Side("a");
export const sideB = new Side("b");

/** Whether two configurations stand beside each other, and which of them the controls change. */
export const comparing = signal(false);
export const active = signal<"a" | "b">("a");
export const activeSide = computed(() => (comparing.value && active.value === "b" ? sideB : sideA));
export const sides = computed(() => (comparing.value ? [sideA, sideB] : [sideA]));
export const template = computed(
  () => catalogue.value.templates.find((one) => one.id === sideA.settings.value.template) ?? null,
);
/** How long the recording on show is, in ms. */
export const duration = computed(() =>
  Math.max(sideA.run.value?.timeline.end ?? 0, comparing.value ? (sideB.run.value?.timeline.end ?? 0) : 0),
);

/** The result hash of the run that a side shows; empty where there is none to compare with. */
function resultOf(side: Side): string {
  const summary = side.run.value?.summary;
  return summary?.ended === "whole" ? summary.hash : "";
}

/** Who has made the link that was opened, and of which settings. */
const opened = signal<{ build: string; results: string[]; texts: string[] } | null>(null);

/** What a visitor should know of a link that another build has made, while its settings are on show. */
export const origin = computed(() => {
  const link = opened.value;
  const own = catalogue.value.build;
  const shown = sides.value;
  if (!link?.build || shown.map((side) => side.text.value).join() !== link.texts.join()) return null;
  const here = shown.map((side) => (side.running.value || side.changed.value ? "" : resultOf(side)));
  const known = here.every(Boolean) && here.length === link.results.length;
  const [were, are] = [link.results.join(" and "), here.join(" and ")];
  if (link.build === own) {
    return known && were !== are ? `This link's result was ${were}; here it is ${are}, though the build is the same. Please report it.` : null;
  }
  const made = `This link was made by build ${link.build}; this is ${own}: `;
  return made + (!known ? "figures may differ." : were === are ? "the result is the same." : `its result was ${were}, here it is ${are}, so figures differ.`);
});

export const dismissOrigin = () => (opened.value = null);

/** The link to what is on show: the canonical text of the runs, not of settings that were not run. */
export function publish() {
  const a = sideA.run.peek()?.scenario ?? sideA.text.peek();
  const b = comparing.peek() ? (sideB.run.peek()?.scenario ?? sideB.text.peek()) : null;
  history.replaceState(null, "", fragmentOf({ a, b, build: catalogue.peek().build, results: sides.peek().map(resultOf) }));
}

/** Takes the settings from the address, or the first template's; answers whether a link was read. */
export function settle(fragment: string): boolean {
  const { templates, fields } = catalogue.peek();
  try {
    const link = linkIn(fragment);
    if (link) {
      sideA.settings.value = settingsOf(link.a, catalogue.peek());
      comparing.value = link.b !== null;
      active.value = "a";
      if (link.b !== null) sideB.settings.value = settingsOf(link.b, catalogue.peek());
      opened.value = { ...link, texts: sides.peek().map((side) => side.text.peek()) };
      return true;
    }
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error);
  }
  sideA.settings.value = ofTemplate(templates[0]!, fields);
  return false;
}
