// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";

/** One part of the page under a number of its own, which the keyboard goes to. */
export function Section({ id, title, note, children, wide }: { id: string; title: string; note?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
  return (
    <section id={id} class={`part part-${id}${wide ? " wide" : ""}`} data-testid={id} aria-label={title} tabIndex={-1}>
      <header>
        <h2>{title}</h2>
        {note && <span class="part-note">{note}</span>}
      </header>
      {children}
    </section>
  );
}
