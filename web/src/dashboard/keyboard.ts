// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { nextTheme } from "../state/theme";
import { detail, keepBeside } from "./Figure";

export const helping = signal(false);

const sections = ["verdict", "partitions", "sight", "clients", "debt", "nodes", "events", "inspector"] as const;

export const keys: [string, string][] = [
  ["1 – 8", "go to a section of the page"],
  ["/", "look up a key"],
  ["tab", "from number to number: each says its metric and its command"],
  ["← → ↑ ↓", "from partition to partition, on their strip"],
  ["l", "the Lab"],
  ["d", "light or dark"],
  ["?", "these keys"],
  ["esc", "close what is open"],
];

function goTo(id: string) {
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: "start" });
  section?.focus({ preventScroll: true });
}

export function listen() {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      detail.value = null;
      helping.value = false;
      return;
    }
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number(event.key);
    if (number >= 1 && number <= sections.length) goTo(sections[number - 1]!);
    else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("inspector")?.scrollIntoView({ block: "start" });
      document.querySelector<HTMLInputElement>("[data-testid=inspect-bucket]")?.focus({ preventScroll: true });
    } else if (event.key === "l") location.href = "/lab";
    else if (event.key === "d") nextTheme();
    else if (event.key === "?") helping.value = !helping.value;
  });
  addEventListener("scroll", keepBeside, { passive: true });
  addEventListener("pointerdown", (event) => {
    if (!(event.target as Element).closest?.(".figure, .detail")) detail.value = null;
  });
}
