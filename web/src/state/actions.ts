// SPDX-License-Identifier: Apache-2.0
// What a visitor can do, whichever way: by the mouse, by a key, by the tour.
import { effect, untracked } from "@preact/signals";
import * as api from "../api/client";
import type { AnomalyHead, Op } from "../api/contract";
import { nameOf } from "../anomalies/names";
import { describe, type Flight } from "../recording/message";
import { ofTemplate, settingsOf } from "../scenario/text";
import { catalogue, notice } from "./catalogue";
import { at, caption, playing, seek, speed, speeds } from "./clock";
import { card, focusKey, focusMessage, focusOp, panel, tab } from "./focus";
import { askForOffer } from "./live";
import { active, activeSide, comparing, duration, publish, settle, sideA, sideB, sides, type Finished, type Side } from "./runs";
import { measureInTheLab, playBands, testWhatIsCompared } from "./studies";
import { readOnly, reducedMotion } from "./theme";

const ms = (time: number) => `${time.toFixed(3)} ms`;

export async function boot() {
  try {
    catalogue.value = await api.catalogue();
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error);
    return;
  }
  settle(location.hash);
  addEventListener("hashchange", () => {
    if (location.hash.length > 1 && location.hash !== lastPublished) {
      settle(location.hash);
      void runBoth(true);
    }
  });
  watch(sideA);
  watch(sideB);
  keep(sideA);
  keep(sideB);
  testWhatIsCompared();
  playBands();
  measureInTheLab();
  void askForOffer();
  await runBoth(true);
  if (!reducedMotion.value && !readOnly.value && duration.peek() > 0) playing.value = true;
}

let lastPublished = "";

/** Judges settings at once when they change, and runs them when they have been left alone for a moment. */
function watch(side: Side) {
  let judging = 0;
  let running = 0;
  effect(() => {
    const text = side.text.value;
    const wanted = side === sideA || comparing.value;
    clearTimeout(judging);
    clearTimeout(running);
    if (!wanted) return;
    judging = window.setTimeout(() => void side.judge(), 60);
    if (untracked(() => side.asked.value) !== text) {
      running = window.setTimeout(() => {
        if (side.asked.peek() !== side.text.peek()) void run(side);
      }, 450);
    }
  });
}

/** Runs a side again when the node has dropped its run to make room: the same scenario is the same run. */
function keep(side: Side) {
  effect(() => {
    if (side.run.value?.timeline.gone.value && !untracked(() => side.running.value)) void run(side);
  });
}

/** Runs one side's settings; the clock stays where it is, so that the same moment can be looked at again. */
export async function run(side: Side) {
  if (!(await side.execute())) return;
  card.value = null;
  focusMessage.value = null;
  if (at.peek() > duration.peek()) seek(duration.peek());
  publish();
  lastPublished = location.hash;
}

async function runBoth(fresh: boolean) {
  await Promise.all(sides.peek().map((side) => run(side)));
  if (fresh) beginAtInterest();
}

/** Starts where there is something to see: shortly before the first anomaly, else at the beginning. */
function beginAtInterest() {
  const first = sideA.run.peek();
  if (!first) return;
  pickKey(first);
  speed.value = fittingSpeed(first);
  const anomaly = first.anomalies[0];
  seek(anomaly ? Math.max(0, anomaly.at - 2) : Math.min(5, duration.peek() / 20));
}

/** A speed at which a message of usual latency takes most of a second. */
function fittingSpeed(of: Finished): number {
  const { quorum_read_latency_ms: read, quorum_write_latency_ms: write } = of.summary.metrics;
  const wanted = Math.max(0.1, (read.p50 + write.p50) / 4) / 700;
  return speeds.find((one) => one >= wanted) ?? 0.005;
}

function pickKey(of: Finished) {
  const first = of.anomalies[0];
  const named = first?.key ? of.summary.keys.indexOf(first.key) : -1;
  focusKey.value = named >= 0 ? named : 0;
}

export function chooseTemplate(id: string) {
  const { templates, fields } = catalogue.peek();
  const chosen = templates.find((one) => one.id === id);
  if (!chosen) return;
  comparing.value = false;
  active.value = "a";
  playing.value = false;
  focusOp.value = null;
  card.value = null;
  tab.value = "ring";
  sideA.settings.value = ofTemplate(chosen, fields);
  sideA.asked.value = sideA.text.peek();
  void runBoth(true).then(() => {
    if (!reducedMotion.peek() && !readOnly.peek()) playing.value = duration.peek() > 0;
  });
}

/** Puts a second configuration beside the first: the same, until it is changed. */
export function compare(on: boolean) {
  if (on && !comparing.peek()) {
    const before = sideA.settings.peek();
    sideB.settings.value = { template: before.template, values: { ...before.values } };
    sideB.run.value = sideA.run.peek();
    sideB.asked.value = sideA.asked.peek();
    comparing.value = true;
    active.value = "b";
  } else if (!on) {
    comparing.value = false;
    active.value = "a";
  }
  publish();
  lastPublished = location.hash;
}

/** The same seed with one setting changed, beside what is on show. */
export function whatIf(field: string, value: string) {
  const before = activeSide.peek();
  if (comparing.peek() && before === sideB) sideA.settings.value = sideB.settings.peek();
  compare(true);
  sideB.settings.value = { ...sideA.settings.peek() };
  sideB.set(field, value);
  active.value = "b";
}

/** Takes the settings of a scenario's text for the side that the controls change. */
export function open(scenario: string) {
  activeSide.peek().settings.value = settingsOf(scenario, catalogue.peek());
}

export type StepKind = "event" | "message" | "operation" | "anomaly";

let stepping = false;

/** Goes to the next or the last event, message, beginning of an operation, or anomaly. */
export async function step(kind: StepKind, forward: boolean) {
  const shown = activeSide.peek().run.peek();
  if (!shown || shown.timeline.empty || stepping) return;
  playing.value = false;
  if (kind === "anomaly") {
    const { anomalies } = shown;
    const next = forward
      ? anomalies.find((one) => one.at > at.peek() + 0.0005)
      : anomalies.findLast((one) => one.at < at.peek() - 0.0005);
    if (next) await openAnomaly(next);
    else caption.value = forward ? "No anomaly after this moment." : "No anomaly before this moment.";
    return;
  }
  stepping = true;
  try {
    if (kind === "message") {
      const looked = focusMessage.peek();
      const flight = await shown.timeline.seekMessage(at.peek(), forward, looked?.run === shown.id ? looked.flight : null);
      if (flight) {
        seek(flight.sent);
        void lookAt(shown, flight);
      } else caption.value = forward ? "No message leaves after this moment." : "No message left before this moment.";
      return;
    }
    const found = await shown.timeline.seek(at.peek(), forward, (one) => kind === "event" || one.text.includes(" begins"));
    if (!found) {
      caption.value = forward ? "Nothing happens after this moment." : "Nothing happened before this moment.";
      return;
    }
    seek(found.at);
    caption.value = `${ms(found.at)} · ${found.text}`;
    if (found.op !== null && (kind === "operation" || tab.peek() === "operation")) {
      focusOp.value = { id: found.op, near: found.at };
      const op = await shown.timeline.op(found.op, found.at);
      if (op) lookAtKey(shown, op.key);
    }
  } finally {
    stepping = false;
  }
}

/** Shows what is known of a message, with its operation and its key. */
export async function lookAt(shown: Finished, flight: Flight) {
  playing.value = false;
  focusMessage.value = { run: shown.id, flight };
  caption.value = describe(flight, (index) => shown.summary.nodes[index]?.short ?? "client");
  if (flight.op === null) return;
  focusOp.value = { id: flight.op, near: flight.sent };
  const op = await shown.timeline.op(flight.op, flight.sent);
  if (op && focusMessage.peek()?.flight.id === flight.id) lookAtKey(shown, op.key);
}

function lookAtKey(shown: Finished, key: string) {
  const index = shown.summary.keys.indexOf(key);
  if (index >= 0) focusKey.value = index;
}

/** Opens an anomaly's card, and goes to the moment at which its read began. */
export async function openAnomaly(head: AnomalyHead) {
  const shown = activeSide.peek().run.peek();
  if (!shown) return;
  playing.value = false;
  card.value = head.n;
  panel.value = "anomalies";
  focusOp.value = { id: head.op, near: head.at };
  seek(head.at);
  caption.value = `${ms(head.at)} · anomaly ${head.n}: ${nameOf(head.code)}`;
  const op = await shown.timeline.op(head.op, head.at);
  if (op) lookAtKey(shown, op.key);
}

export function openOp(op: Op) {
  const shown = activeSide.peek().run.peek();
  if (!shown) return;
  playing.value = false;
  focusOp.value = { id: op.id, near: op.at };
  lookAtKey(shown, op.key);
  seek(op.at);
  if (shown.timeline.empty) focusOp.value = null;
  caption.value = `${ms(op.at)} · ${op.kind} of ${op.key}: ${op.result}${op.ms === null ? "" : ` after ${ms(op.ms)}`}`;
  const head = op.anomaly === null ? undefined : shown.anomalies.find((one) => one.n === op.anomaly);
  if (head) void openAnomaly(head);
  else if (!shown.timeline.empty) tab.value = "operation";
}
