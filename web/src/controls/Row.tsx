// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Field } from "../api/contract";
import { ofTemplate } from "../scenario/text";
import { catalogue } from "../state/catalogue";
import type { Side } from "../state/runs";

/** What the template sets the field to, as the scenario's text writes it. */
export function defaultOf(side: Side, field: Field): string | undefined {
  const template = catalogue.value.templates.find((one) => one.id === side.settings.value.template);
  return template && ofTemplate(template, [field]).values[field.name];
}

export const shown = (text: string | undefined) => (text ?? "").replaceAll("_", ".");

/** A control with its label, and its help and default one press away. */
export function Row({ side, field, wide, alone, children }: { side: Side; field: Field; wide?: boolean; alone?: boolean; children: ComponentChildren }) {
  const open = useSignal(false);
  const given = defaultOf(side, field);
  const value = side.settings.value.values[field.name];
  const changed = given !== undefined && value !== given;
  const wrong = side.refusal.value?.field === field.name;
  const helpId = `help-${field.name}`;
  return (
    <div class={`row${wide ? " row-wide" : ""}${wrong ? " row-wrong" : ""}${alone ? " row-alone" : ""}`} data-testid={`field-${field.name}`}>
      <div class="row-line">
        <button
          type="button"
          class={`row-label${changed ? " changed" : ""}`}
          aria-expanded={open.value}
          aria-controls={helpId}
          title={field.help}
          onClick={() => (open.value = !open.value)}
        >
          {field.label}
          {field.unit && <span class="unit">{field.unit}</span>}
          <span class="q" aria-hidden="true">
            ?
          </span>
          {changed && <span class="sr">, changed</span>}
        </button>
        {children}
      </div>
      {open.value && (
        <p class="row-help" id={helpId}>
          {field.help}
          {given !== undefined && given !== "" && (
            <>
              {" "}
              Default: {shown(given)}
              {field.unit ? ` ${field.unit}` : ""}.{" "}
              {changed && (
                <button type="button" class="textual" onClick={() => side.set(field.name, given)}>
                  Reset
                </button>
              )}
            </>
          )}
        </p>
      )}
      {wrong && (
        <p class="row-error" role="alert">
          {side.refusal.value?.sentence}
        </p>
      )}
    </div>
  );
}
