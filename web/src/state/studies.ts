// SPDX-License-Identifier: Apache-2.0
// Questions that take many runs: the node answers them in the background, the page asks how far it is.
import { computed, effect, signal } from "@preact/signals";
import * as api from "../api/client";
import { Refused } from "../api/client";
import type { Bands, CodeCurve, Comparison, Plan, TestedMetric } from "../api/contract";
import { settingsOf } from "../scenario/text";
import { catalogue } from "./catalogue";
import { comparing, sideA, sideB } from "./runs";

/** One question at a time; a new one puts an end to the one before. */
export class Asked<T> {
  readonly progress = signal<{ done: number; of: number } | null>(null);
  readonly result = signal<T | null>(null);
  readonly cut = signal(false);
  readonly trouble = signal<string | null>(null);
  #turn = 0;
  #id: string | null = null;

  async ask(body: object) {
    this.stop();
    const turn = this.#turn;
    this.result.value = null;
    this.trouble.value = null;
    this.progress.value = { done: 0, of: 0 };
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    try {
      let study = await api.ask<T>(body).catch(refusedForNow);
      while (study === null && turn === this.#turn) {
        await wait(700);
        if (turn === this.#turn) study = await api.ask<T>(body).catch(refusedForNow);
      }
      while (study !== null && turn === this.#turn) {
        this.#id = study.id;
        this.progress.value = { done: study.done, of: study.of };
        if (study.over) {
          this.cut.value = study.cut;
          this.trouble.value = study.fault;
          this.result.value = study.result;
          break;
        }
        await wait(400);
        if (turn === this.#turn) study = await api.study<T>(study.id);
      }
      if (turn !== this.#turn && study && !study.over) void api.forget(study.id).catch(() => {});
    } catch (error) {
      if (turn === this.#turn) this.trouble.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (turn === this.#turn) {
        this.progress.value = null;
        this.#id = null;
      }
    }
  }

  stop() {
    this.#turn++;
    this.progress.value = null;
    if (this.#id !== null) void api.forget(this.#id).catch(() => {});
    this.#id = null;
  }
}

const refusedForNow = (error: unknown) => {
  if (error instanceof Refused && error.status === 429) return null;
  throw error;
};

export const testing = new Asked<Comparison>();
export const planning = new Asked<Plan>();

/** How many seeds a band is drawn of, whether it is wanted, and what came of it. */
export const bandSeeds = 12;
export const banding = signal(false);
export const bands = new Asked<Bands>();

const settingsAlone = (scenario: string) => scenario.replace(/\.seed=\d+/, "");

/** The bands of the run on show; null until they are known, and beside a second run. */
export const bandsShown = computed(() => {
  const scenario = sideA.run.value?.scenario;
  const known = bands.result.value;
  return banding.value && !comparing.value && scenario && known && settingsAlone(known.scenario) === settingsAlone(scenario) ? known : null;
});

/** While bands are wanted, plays what is on show on more seeds, once it stands still. */
export function playBands() {
  let asked = "";
  effect(() => {
    const scenario = banding.value && !comparing.value && planning.progress.value === null && !sideA.running.value ? settingsAlone(sideA.run.value?.scenario ?? "") : "";
    if (scenario === asked) return;
    asked = scenario;
    bands.stop();
    const known = bands.result.peek();
    if (scenario !== "" && !(known && settingsAlone(known.scenario) === scenario)) void bands.ask({ bands: scenario, seeds: `1..${bandSeeds}` });
  });
}

export const measuring = new Asked<CodeCurve>();

/** All of a scenario that a measurement under the model's conditions depends on. */
const measured = (scenario: string) => {
  const { values } = settingsOf(scenario, catalogue.peek());
  return ["n", "r", "w", "latency", "fail", "loss", "dup"].map((field) => values[field]).join(" ");
};

/** What the code does under the model's conditions with the settings on show; null until it is known, and beside a second run. */
export const measuredShown = computed(() => {
  const run = sideA.run.value;
  const known = measuring.result.value;
  return !comparing.value && run && known && measured(known.scenario) === measured(run.scenario) ? known : null;
});

export function measureCode() {
  const run = sideA.run.peek();
  if (run) void measuring.ask({ pbs: run.scenario });
}

/** Forgets what was asked about other settings; in the PBS lab, which is about this, asks by itself once the run stands still. */
export function measureInTheLab() {
  let about = "";
  effect(() => {
    const run = comparing.value ? null : sideA.run.value;
    if (sideA.running.value) return;
    const next = run && !run.summary.real ? measured(run.scenario) : "";
    if (next === about) return;
    about = next;
    measuring.stop();
    measuring.trouble.value = null;
    const known = measuring.result.peek();
    if (!run || next === "" || (known && measured(known.scenario) === next)) return;
    const { template, values } = settingsOf(run.scenario, catalogue.peek());
    if (template === "pbs" && values.fail === "none") measureCode();
  });
}

/** What the test over seeds says of a metric of the two that stand beside each other; null until it is known. */
export function testedOf(metric: string): TestedMetric | null {
  const { result } = testing;
  const [a, b] = [sideA.run.value?.scenario, sideB.run.value?.scenario];
  if (!comparing.value || !result.value || !a || !b) return null;
  if (result.value.a !== settingsAlone(a) || result.value.b !== settingsAlone(b)) return null;
  return result.value.metrics.find((one) => one.metric === metric) ?? null;
}

/** Once both sides stand still, plays them on the same thirty seeds. */
export function testWhatIsCompared() {
  let asking = 0;
  let asked = "";
  effect(() => {
    const [a, b] = [sideA, sideB].map((side) => (side.running.value ? "" : settingsAlone(side.run.value?.scenario ?? "")));
    const free = planning.progress.value === null;
    const pair = comparing.value && free && a && b && a !== b ? `${a} ${b}` : "";
    if (pair === asked) return;
    clearTimeout(asking);
    asked = pair;
    testing.stop();
    const known = testing.result.peek();
    if (pair !== "" && !(known?.a === a && known?.b === b)) {
      asking = window.setTimeout(() => void testing.ask({ compare: [a, b], seeds: "1..30" }), 900);
    }
  });
}
