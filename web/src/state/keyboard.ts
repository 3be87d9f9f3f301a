// SPDX-License-Identifier: Apache-2.0
import { step } from "./actions";
import { faster, toggle } from "./clock";
import { card, focusMessage, helping, planned, sharing, tab, touring } from "./focus";
import { readOnly } from "./theme";

export const keys: [string, string][] = [
  ["space", "play, pause"],
  ["← →", "step by event"],
  ["< >", "step by message"],
  [", .", "step by operation"],
  ["⇧ ← →", "step by anomaly"],
  ["[ ]", "slower, faster"],
  ["1 2 3", "ring, operation, copies"],
  ["t", "guided tour"],
  ["p", "planner"],
  ["?", "this list"],
  ["esc", "close"],
];

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable);

export function listen() {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (helping.value) helping.value = false;
      else if (sharing.value) sharing.value = false;
      else if (planned.value) planned.value = false;
      else if (touring.value !== null) touring.value = null;
      else if (focusMessage.value !== null) focusMessage.value = null;
      else card.value = null;
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    // A button that has the focus is pressed by the space bar, as everywhere.
    if (event.key === " " && event.target instanceof HTMLButtonElement && event.target.dataset.testid !== "play") return;
    if (act(event.key, event.shiftKey)) event.preventDefault();
  });
}

function act(key: string, shift: boolean): boolean {
  switch (key) {
    case " ":
      toggle();
      return true;
    case "ArrowRight":
    case "ArrowLeft":
      void step(shift ? "anomaly" : "event", key === "ArrowRight");
      return true;
    case ">":
    case "<":
      void step("message", key === ">");
      return true;
    case ".":
    case ",":
      void step("operation", key === ".");
      return true;
    case "[":
      faster(-1);
      return true;
    case "]":
      faster(1);
      return true;
    case "?":
      helping.value = !helping.value;
      return true;
    case "t":
      if (!readOnly.value) touring.value = touring.value === null ? 0 : null;
      return true;
    case "p":
      planned.value = !planned.value;
      return true;
    case "1":
      tab.value = "ring";
      return true;
    case "2":
      tab.value = "operation";
      return true;
    case "3":
      tab.value = "copies";
      return true;
    default:
      return false;
  }
}
