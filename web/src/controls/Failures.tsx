// SPDX-License-Identifier: Apache-2.0
import type { Field } from "../api/contract";
import { example, failureKinds, failuresText, millis, parseFailures, timeText, type Failure } from "../scenario/failures";
import { numberOf } from "../scenario/text";
import type { Side } from "../state/runs";
import { Icon } from "../ui/icon";
import { Row, shown } from "./Row";
import { SpanBar } from "./SpanBar";

const names = { at: "from", until: "until", node: "node", groups: "groups", way: "way", factor: "factor", offset: "by" };

/** The failures, one line each: what, when, until when, where. */
export function Failures({ side, field }: { side: Side; field: Field }) {
  const values = side.settings.value.values;
  const failures = parseFailures(values[field.name] ?? "");
  const set = (next: Failure[]) => side.set(field.name, failuresText(next));
  const seconds = numberOf(values.time ?? "20");
  const nodes = numberOf(values.nodes ?? "5");
  return (
    <Row side={side} field={field} wide alone>
      {failures.length === 0 && <p class="quiet">Nothing fails.</p>}
      <ul class="failures">
        {failures.map((failure, index) => (
          <Line
            key={index}
            failure={failure}
            end={seconds * 1000}
            onChange={(next) => set(failures.with(index, next))}
            onRemove={() => set(failures.toSpliced(index, 1))}
          />
        ))}
      </ul>
      <span class="select select-add">
        <select
          aria-label="Add a failure"
          data-testid="failure-add"
          value=""
          onChange={(event) => {
            const kind = failureKinds.find((one) => one.kind === event.currentTarget.value);
            event.currentTarget.value = "";
            if (kind) set([...failures, example(kind, seconds, nodes)]);
          }}
        >
          <option value="">Add a failure…</option>
          {failureKinds.filter((one) => field.help.includes(`${one.kind}(`)).map((one) => (
            <option key={one.kind} value={one.kind} title={one.help}>
              {one.label}
            </option>
          ))}
        </select>
        <Icon name="plus" />
      </span>
    </Row>
  );
}

function Line({ failure, end, onChange, onRemove }: { failure: Failure; end: number; onChange: (next: Failure) => void; onRemove: () => void }) {
  const kind = failureKinds.find((one) => one.kind === failure.kind);
  return (
    <li class="failure" data-testid={`failure-${failure.kind}`}>
      <div class="failure-head">
        <span class="failure-mark" aria-hidden="true" />
        <span title={kind?.help}>{kind?.label ?? failure.kind}</span>
        <button type="button" class="bare" aria-label={`Remove ${kind?.label ?? failure.kind}`} onClick={onRemove}>
          <Icon name="close" />
        </button>
      </div>
      {kind?.args[0] === "at" && kind.args[1] === "until" && (
        <SpanBar
          from={millis(failure.args[0] ?? "")}
          until={millis(failure.args[1] ?? "")}
          end={end}
          onChange={(from, until) => onChange({ ...failure, args: [timeText(from), timeText(until), ...failure.args.slice(2)] })}
        />
      )}
      <div class="failure-args">
        {failure.args.map((arg, index) => {
          const what = kind?.args[index];
          const name = what ? names[what] : "";
          return (
            <label key={index} class={`arg arg-${what ?? "other"}`}>
              <span>{name}</span>
              <input
                type="text"
                spellcheck={false}
                aria-label={`${kind?.label ?? failure.kind} ${name}`}
                value={shown(arg)}
                onChange={(event) => onChange({ ...failure, args: failure.args.with(index, tidy(what, event.currentTarget.value)) })}
              />
            </label>
          );
        })}
      </div>
    </li>
  );
}

/** Times may be written without a unit, decimal points as points. */
function tidy(what: string | undefined, text: string): string {
  const given = text.trim().replaceAll(".", "_").replaceAll(/[\s,;]/g, "");
  return (what === "at" || what === "until") && /^\d+(_\d+)?$/.test(given) ? `${given}s` : given;
}
