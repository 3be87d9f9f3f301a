// SPDX-License-Identifier: Apache-2.0
import { at, caption, glimpsing, playing, speed } from "./clock";
import { card, focusKey, focusMessage, focusOp, panel, tab, touring } from "./focus";
import { active, comparing, sideA, sideB, type Side } from "./runs";
import { notice } from "./catalogue";

const of = (side: Side) => ({
  text: side.text.peek(),
  running: side.running.peek(),
  changed: side.changed.peek(),
  refusal: side.refusal.peek()?.sentence ?? null,
  verdict: side.verdict.peek()?.sentence ?? null,
  run: side.run.peek()?.id ?? null,
  scenario: side.run.peek()?.scenario ?? null,
  hash: side.run.peek()?.summary.hash ?? null,
  anomalies: side.run.peek()?.anomalies.length ?? null,
  real: side.real.peek() !== null || side.run.peek()?.summary.real !== undefined,
  writes: side.run.peek()?.summary.metrics.write_success_rate.ok ?? side.progress.peek()?.metrics?.write_success_rate.ok ?? null,
});

/** What the page holds, for tests: `__lab.state()`. */
function state() {
  return {
    a: of(sideA),
    b: comparing.peek() ? of(sideB) : null,
    active: active.peek(),
    at: at.peek(),
    playing: playing.peek(),
    speed: speed.peek(),
    glimpsing: glimpsing.peek(),
    caption: caption.peek(),
    tab: tab.peek(),
    panel: panel.peek(),
    card: card.peek(),
    key: focusKey.peek(),
    op: focusOp.peek()?.id ?? null,
    message: focusMessage.peek()?.flight.id ?? null,
    tour: touring.peek(),
    notice: notice.peek(),
    inFlight: sideA.run.peek()?.timeline.momentAt(at.peek())?.flying.length ?? null,
  };
}

export function expose() {
  (window as unknown as { __lab: { state: typeof state } }).__lab = { state };
}
