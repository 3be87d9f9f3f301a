// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { palette, versionColour } from "../state/theme";
import { bytes } from "../ui/format";
import type { Explained, Replica, Sibling } from "./contract";
import { Figure } from "./Figure";
import { span } from "./format";
import { Mark } from "./marks";
import { Section } from "./Section";

const type = signal("default");
const bucket = signal("");
const key = signal("");
const values = signal(false);
const found = signal<Explained | null>(null);
const trouble = signal("");
const asking = signal(false);

async function look(event: Event) {
  event.preventDefault();
  if (!bucket.value || !key.value) {
    trouble.value = "Name a bucket and a key.";
    return;
  }
  asking.value = true;
  const kind = type.value && type.value !== "default" ? `/types/${encodeURIComponent(type.value)}` : "";
  try {
    const response = await fetch(`/explain${kind}/buckets/${encodeURIComponent(bucket.value)}/keys/${encodeURIComponent(key.value)}${values.value ? "?values=true" : ""}`);
    if (!response.ok) throw new Error((await response.text()).trim() || `The node answered ${response.status}.`);
    found.value = (await response.json()) as Explained;
    trouble.value = "";
  } catch (error) {
    found.value = null;
    trouble.value = error instanceof TypeError ? "The node does not answer." : String((error as Error).message);
  }
  asking.value = false;
}

export function Inspector() {
  const now = found.value;
  return (
    <Section id="inspector" title="Key" note={<Figure id="versions">what each owner holds</Figure>}>
      <form class="inspect" onSubmit={(event) => void look(event)} data-testid="inspect">
        <label>
          Type <input value={type.value} size={8} data-testid="inspect-type" autocapitalize="off" spellcheck={false} onInput={(event) => (type.value = event.currentTarget.value)} />
        </label>
        <label>
          Bucket <input value={bucket.value} size={12} data-testid="inspect-bucket" autocapitalize="off" spellcheck={false} onInput={(event) => (bucket.value = event.currentTarget.value)} />
        </label>
        <label class="grow">
          Key <input value={key.value} size={14} data-testid="inspect-key" autocapitalize="off" spellcheck={false} onInput={(event) => (key.value = event.currentTarget.value)} />
        </label>
        <label class="check">
          <input type="checkbox" checked={values.value} data-testid="inspect-values" onChange={(event) => (values.value = event.currentTarget.checked)} /> values
        </label>
        <button type="submit" class="solid" data-testid="inspect-go" disabled={asking.value}>
          Look
        </button>
      </form>
      {trouble.value && (
        <p class="refused" role="alert" data-testid="inspect-trouble">
          {trouble.value}
        </p>
      )}
      {now ? <Found now={now} /> : !trouble.value && <p class="quiet">All owners are asked what they hold, side by side. It changes nothing.</p>}
    </Section>
  );
}

function Found({ now }: { now: Explained }) {
  const letters = new Map<string, number>();
  for (const { siblings } of now.replicas) for (const { dot } of siblings ?? []) if (!letters.has(dot)) letters.set(dot, letters.size);
  const silent = now.others.filter(({ answers }) => !answers).length;
  return (
    <div data-testid="inspected" aria-live="polite">
      <ul class="explained" data-testid="explanation">
        {now.explanation.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div class="replicas">
        {now.replicas.map((replica) => (
          <Held key={replica.node} replica={replica} letters={letters} />
        ))}
      </div>
      {now.hints.length > 0 && (
        <ul class="pairs">
          {now.hints.map((hint) => (
            <li key={`${hint.node} ${hint.owner}`}>
              {hint.node} holds a hint for <b>{hint.owner}</b>
              {hint.readable ? `: ${hint.values} ${hint.values === 1 ? "value" : "values"}, ${bytes(hint.bytes)}, for ${span(hint.ago_ms ?? 0)}` : ", which cannot be read"}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">
        group {now.group}, asked through {now.asked}; a read needs {now.r}
        {silent > 0 ? `; ${silent} other ${silent === 1 ? "member was" : "members were"} silent about hints` : ""}
      </p>
    </div>
  );
}

function Held({ replica, letters }: { replica: Replica; letters: Map<string, number> }) {
  const whole = replica.health === "whole";
  return (
    <div class="replica" data-testid={`replica-${replica.node}`}>
      <h3>
        <Mark name={!replica.answers ? "bad" : whole ? "good" : "watch"} label={replica.answers ? (replica.health ?? "") : "silent"} />
        {replica.node} <small>{replica.machine}</small>
      </h3>
      {!replica.answers && <p class="quiet">{replica.sentence}</p>}
      {replica.answers && !whole && <p class="quiet">{replica.health}</p>}
      {replica.siblings?.map((sibling) => (
        <Version key={sibling.dot} sibling={sibling} index={letters.get(sibling.dot) ?? 0} />
      ))}
      {replica.answers && replica.siblings?.length === 0 && <p class="quiet">{replica.tombstone ? "deleted" : "nothing"}</p>}
      {(replica.waits_for?.length ?? 0) > 0 && <p class="quiet">waits for {replica.waits_for!.join(", ")}</p>}
    </div>
  );
}

const decode = (base64: string) => new TextDecoder().decode(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));
const letter = (index: number) => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));

function Version({ sibling, index }: { sibling: Sibling; index: number }) {
  const { dark } = palette.value;
  const shown = sibling.value_base64 === undefined ? null : decode(sibling.value_base64);
  return (
    <div class="version" style={{ "--version": versionColour(index, dark) }}>
      <p>
        <b>{letter(index)}</b> <code>{sibling.dot}</code>
      </p>
      {shown !== null && <p class="version-value">{shown.length > 160 ? `${shown.slice(0, 160)}…` : shown}</p>}
      <p class="quiet">
        <span class="version-type" title={sibling.content_type}>
          {sibling.content_type}
        </span>
        {bytes(sibling.bytes)} · {sibling.expired ? "expired · " : ""}
        {sibling.path}
        {sibling.from ? ` from ${sibling.from}` : ""}, {span(sibling.ago_ms)} ago
      </p>
    </div>
  );
}
