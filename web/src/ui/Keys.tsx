// SPDX-License-Identifier: Apache-2.0
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon";

interface Props {
  open: Signal<boolean>;
  /** Keys with a space between them, or `1 – 8`, and what they do. */
  keys: [string, string][];
  /** What this page is. */
  children: ComponentChildren;
}

/** The sheet of a page's keys. */
export function Keys({ open, keys, children }: Props) {
  if (!open.value) return null;
  return (
    <dialog class="sheet" open aria-label="Keys" data-testid="help">
      <header>
        <h2>Keys</h2>
        <button type="button" class="bare" aria-label="Close" onClick={() => (open.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>{key.split(" ").map((one) => (one === "–" ? one : <kbd key={one}>{one}</kbd>))}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{children}</p>
    </dialog>
  );
}
