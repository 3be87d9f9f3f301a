// SPDX-License-Identifier: Apache-2.0
import type { Field } from "../api/contract";
import { isNumeric, isOn, numberOf, valueText } from "../scenario/text";
import { run } from "../state/actions";
import { offer, runOnCluster } from "../state/live";
import { catalogue } from "../state/catalogue";
import { active, activeSide, comparing, type Side } from "../state/runs";
import { Icon } from "../ui/icon";
import { Failures } from "./Failures";
import { Choice, LatencyInput, NumberInput, Stepper, Switch, TextInput } from "./inputs";
import { shown } from "./Row";
import { Verdict } from "./Verdict";

const quorumNames = ["n", "r", "w"];
const closedAtFirst = new Set(["network", "workload"]);
const title = (group: string) => group.charAt(0).toUpperCase() + group.slice(1);

/** The left column: everything that a scenario says, made from the fields that the node offers. */
export function Controls() {
  const side = activeSide.value;
  const groups = Map.groupBy(catalogue.value.fields, (field) => field.group);
  const quorum = catalogue.value.fields.filter((field) => field.group === "quorum" || quorumNames.includes(field.name));
  return (
    <aside class="controls" aria-label="Settings" data-testid="controls">
      {comparing.value && <WhichSide />}
      <Quorum side={side} fields={quorum} />
      {[...groups].map(([name, fields]) => {
        const rest = fields.filter((field) => !quorum.includes(field));
        if (rest.length === 0) return null;
        return (
          <details class="group" key={name} open={!closedAtFirst.has(name)} data-testid={`group-${name}`}>
            <summary>
              <h2>{title(name)}</h2>
              <span class="digest">{digest(side, rest)}</span>
            </summary>
            {rest.map((field) => (
              <Control key={field.name} side={side} field={field} />
            ))}
          </details>
        );
      })}
    </aside>
  );
}

function WhichSide() {
  return (
    <div class="segmented which" role="radiogroup" aria-label="Configuration to change">
      {(["a", "b"] as const).map((one) => (
        <button type="button" role="radio" key={one} aria-checked={active.value === one} data-testid={`side-${one}`} onClick={() => (active.value = one)}>
          Settings {one.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

function Quorum({ side, fields }: { side: Side; fields: Field[] }) {
  const n = numberOf(side.settings.value.values.n ?? "");
  const nodes = numberOf(side.settings.value.values.nodes ?? "");
  return (
    <section class="quorum" data-testid="quorum">
      <div class="nrw">
        {fields.filter((field) => quorumNames.includes(field.name)).map((field) => (
          <div key={field.name} class="nrw-one" title={field.help} data-testid={`field-${field.name}`}>
            <span class={`nrw-name nrw-${field.name}`}>{field.label}</span>
            <Stepper side={side} field={field} plain top={field.name === "n" ? nodes : n} />
          </div>
        ))}
      </div>
      <Verdict side={side} />
      {fields
        .filter((field) => !quorumNames.includes(field.name))
        .map((field) => (
          <Control key={field.name} side={side} field={field} />
        ))}
    </section>
  );
}

/** The closed group's values in a few words. */
function digest(side: Side, fields: Field[]): string {
  const { values } = side.settings.value;
  return fields
    .map((field) => {
      const value = values[field.name] ?? "";
      if (field.kind === "bool") return isOn(value) ? field.label.toLowerCase() : "";
      if (isNumeric(field)) return numberOf(value) === 0 ? "" : `${shown(value)}${field.unit === "%" ? " %" : ""} ${field.label.toLowerCase()}`;
      return value === "none" || value === "0" ? "" : shown(value);
    })
    .filter(Boolean)
    .slice(0, 3)
    .join(" · ");
}

function Control({ side, field }: { side: Side; field: Field }) {
  if (field.name === "fail") return <Failures side={side} field={field} />;
  if (field.name === "latency" || field.name === "calls") return <LatencyInput side={side} field={field} />;
  if (field.name === "seed") return <Seed side={side} field={field} />;
  switch (field.kind) {
    case "bool":
      return <Switch side={side} field={field} />;
    case "choice":
      return <Choice side={side} field={field} />;
    case "text":
      return <TextInput side={side} field={field} />;
    case "number":
      return <NumberInput side={side} field={field} />;
    case "int":
      return (field.max ?? Infinity) <= 32 ? <Stepper side={side} field={field} /> : <NumberInput side={side} field={field} />;
  }
}

function Seed({ side, field }: { side: Side; field: Field }) {
  return (
    <div class="seed">
      <NumberInput side={side} field={field} />
      <button
        type="button"
        class="bare"
        aria-label="Another seed"
        title="Another seed"
        data-testid="seed-dice"
        onClick={() => side.set(field.name, valueText(field, 1 + Math.floor(Math.random() * 99_999)))}
      >
        <Icon name="dice" />
      </button>
    </div>
  );
}

/** The button that runs the settings on the cluster of the node that serves the page; nothing where there is none. */
export function ClusterButton() {
  const side = activeSide.value;
  if (!offer.value.offered) return null;
  const { secondsMax, callsMax, fails, node } = offer.value;
  const under = side.real.value;
  const { at, of } = side.progress.value ?? { at: 0, of: 1 };
  return (
    <button
      type="button"
      data-testid="run-cluster"
      aria-pressed={under !== null}
      disabled={side.refusal.value !== null || (under === null && side.running.value)}
      onClick={() => void runOnCluster(side)}
      title={under ? "Make no further calls, and delete the keys" : `Run this workload on the cluster of ${fails ? `${node}, and break it as the scenario says` : "this node"}: it writes keys of its own to a bucket for such runs, for at most ${secondsMax} s and ${callsMax} calls`}
    >
      <span>{under ? `Stop · ${Math.round((100 * at) / Math.max(1, of))} %` : "Run on this cluster"}</span>
    </button>
  );
}

/** The button that runs the settings now, and its state. */
export function RunButton() {
  const side = activeSide.value;
  const running = side.running.value && side.real.value === null;
  const progress = side.progress.value;
  return (
    <button
      type="button"
      class={`run${side.changed.value ? " changed" : ""}`}
      data-testid="run"
      disabled={running || side.refusal.value !== null}
      onClick={() => void run(side)}
      title="Run these settings once more"
    >
      {running ? `Running ${Math.round((100 * (progress?.at ?? 0)) / Math.max(1, progress?.of ?? 1))} %` : "Run"}
    </button>
  );
}
