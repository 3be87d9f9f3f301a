// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import type { State } from "./contract";
import { Figure } from "./Figure";
import { clock, names, plural } from "./format";
import { Mark } from "./marks";
import { Section } from "./Section";

const shownAtFirst = 12;
const all = signal(false);
const marks = { note: "note", watch: "watch", grave: "bad" } as const;

export function Events({ now }: { now: State }) {
  const events = all.value ? now.events : now.events.slice(0, shownAtFirst);
  return (
    <Section id="events" title="Events" note={<Figure id="alarms">what happened, newest first</Figure>}>
      {events.length === 0 && <p class="quiet">Nothing has happened since the nodes that tell have started.</p>}
      <ol class="events" data-testid="event-rows">
        {events.map((event) => (
          <li key={`${event.at_ms} ${event.kind} ${event.about} ${event.nodes[0]}`} class={`event event-${event.weight}`}>
            <time dateTime={new Date(event.at_ms).toISOString()}>{clock(event.at_ms)}</time>
            <Mark name={marks[event.weight]} label={event.weight} />
            <p>
              {event.sentence}
              <small>
                {event.times > 1 ? ` ${event.times} times ·` : ""} {event.about && !event.nodes.includes(event.about) ? "told by" : "at"} {names(event.nodes, 3)}
              </small>
            </p>
          </li>
        ))}
      </ol>
      {now.events.length > shownAtFirst && (
        <button type="button" class="textual" onClick={() => (all.value = !all.value)}>
          {all.value ? `Show ${shownAtFirst}` : `Show all ${now.events.length} ${plural(now.events.length, "event", "events")}`}
        </button>
      )}
    </Section>
  );
}
