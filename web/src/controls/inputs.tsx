// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import type { Field } from "../api/contract";
import { quantilesOf } from "../scenario/delays";
import { isOn, numberOf, valueText } from "../scenario/text";
import { catalogue } from "../state/catalogue";
import type { Side } from "../state/runs";
import { Icon } from "../ui/icon";
import { Row, shown } from "./Row";

interface Props {
  side: Side;
  field: Field;
}

const valueOf = ({ side, field }: Props) => side.settings.value.values[field.name] ?? "";

function clamp(field: Field, value: number): number {
  return Math.min(Math.max(value, field.min ?? -Infinity), field.max ?? Infinity);
}

/** A small whole number, with a button on either side. */
export function Stepper(props: Props & { plain?: boolean; top?: number }) {
  const { side, field } = props;
  const value = numberOf(valueOf(props));
  const max = Math.min(field.max ?? Infinity, props.top ?? Infinity);
  const to = (next: number) => side.set(field.name, valueText(field, clamp(field, next)));
  const stepper = (
    <div class="stepper" role="group" aria-label={field.label}>
      <button type="button" aria-label={`${field.label} down`} data-testid={`${field.name}-down`} disabled={value <= (field.min ?? -Infinity)} onClick={() => to(value - 1)}>
        <Icon name="minus" />
      </button>
      <output data-testid={`value-${field.name}`}>{value}</output>
      <button type="button" aria-label={`${field.label} up`} data-testid={`${field.name}-up`} disabled={value >= max} onClick={() => to(value + 1)}>
        <Icon name="plus" />
      </button>
    </div>
  );
  return props.plain ? stepper : <Row {...props}>{stepper}</Row>;
}

export function NumberInput(props: Props) {
  const { side, field } = props;
  return (
    <Row {...props}>
        <input
          type="number"
          data-testid={`input-${field.name}`}
          aria-label={field.label}
          value={shown(valueOf(props))}
          min={field.min ?? undefined}
          max={field.max ?? undefined}
          step={field.kind === "int" ? 1 : "any"}
          onChange={(event) => {
            const given = event.currentTarget.valueAsNumber;
            const next = Number.isFinite(given) ? clamp(field, field.kind === "int" ? Math.round(given) : given) : numberOf(valueOf(props));
            event.currentTarget.value = String(next);
            side.set(field.name, valueText(field, next));
          }}
        />
    </Row>
  );
}

export function Switch(props: Props) {
  const { side, field } = props;
  const on = isOn(valueOf(props));
  return (
    <Row {...props}>
      <button type="button" role="switch" class="switch" aria-checked={on} aria-label={field.label} data-testid={`input-${field.name}`} onClick={() => side.set(field.name, on ? "off" : "on")}>
        <span class="switch-text">{on ? "on" : "off"}</span>
        <span class="switch-dot" />
      </button>
    </Row>
  );
}

export function Choice(props: Props) {
  const { side, field } = props;
  const choices = field.choices ?? [];
  const value = valueOf(props);
  if (choices.length > 3) {
    return (
      <Row {...props}>
        <Select label={field.label} testid={`input-${field.name}`} value={value} options={choices.map((one) => [one, one])} onPick={(next) => side.set(field.name, next)} />
      </Row>
    );
  }
  return (
    <Row {...props}>
      <div class="segmented" role="radiogroup" aria-label={field.label}>
        {choices.map((one) => (
          <button type="button" role="radio" key={one} aria-checked={one === value} data-testid={`${field.name}-${one}`} onClick={() => side.set(field.name, one)}>
            {one}
          </button>
        ))}
      </div>
    </Row>
  );
}

export function Select({ label, testid, value, options, onPick }: { label: string; testid: string; value: string; options: [string, string][]; onPick: (value: string) => void }) {
  return (
    <span class="select">
      <select aria-label={label} data-testid={testid} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name} selected={name === value}>
            {text}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}

export function TextInput(props: Props & { bare?: boolean }) {
  const { side, field } = props;
  const input = (
    <input
      type="text"
      class="text"
      spellcheck={false}
      autocomplete="off"
      data-testid={`input-${field.name}`}
      aria-label={field.label}
      value={shown(valueOf(props))}
      onChange={(event) => side.set(field.name, event.currentTarget.value.trim().replaceAll(".", "_"))}
    />
  );
  return props.bare ? input : <Row {...props}>{input}</Row>;
}

/** A preset of measured delays, or a distribution written out; of calls also the hop that all take. */
export function LatencyInput(props: Props) {
  const { side, field } = props;
  const value = valueOf(props);
  const ofCalls = field.name === "calls";
  const presets = ofCalls ? [{ id: "hop", label: "The client hop" }, ...catalogue.value.presets] : catalogue.value.presets;
  const isPreset = presets.some((one) => one.id === value);
  const wrong = useSignal("");
  const measured = async (file: File | undefined) => {
    const read = quantilesOf((await file?.text()) ?? "");
    wrong.value = "wrong" in read ? read.wrong : "";
    if ("text" in read) side.set(field.name, read.text);
  };
  const options: [string, string][] = [...presets.map((one): [string, string] => [one.id, one.label]), ["custom", "Own distribution…"]];
  return (
    <Row {...props} wide>
      <Select
        label={field.label}
        testid={`${field.name}-preset`}
        value={isPreset ? value : "custom"}
        options={options}
        onPick={(next) => side.set(field.name, next === "custom" ? "lognormal(2,0_6)" : next)}
      />
      {!isPreset && (
        <>
          <TextInput {...props} bare />
          <p class="row-help">
            const(ms) · exp(ms) · lognormal(median, sigma) · mix(p, xm, alpha, lambda) · quantiles(ms, ms, …) · MODEL/MODEL for writes{ofCalls ? "’ way there" : ""} and the rest
          </p>
          <label class="row-file">
            From measured delays
            <input type="file" accept=".csv,.txt,text/plain,text/csv" data-testid={`${field.name}-file`} onChange={(event) => void measured(event.currentTarget.files?.[0])} />
          </label>
          <p class="row-help" aria-live="polite" data-testid={`${field.name}-wrong`}>
            {wrong.value || "A file with a delay in ms on each line; it is read here and goes into the link."}
          </p>
        </>
      )}
    </Row>
  );
}
