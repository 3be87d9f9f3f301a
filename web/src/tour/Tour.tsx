// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { TourStep } from "../api/contract";
import { valueText } from "../scenario/text";
import { chooseTemplate, openAnomaly } from "../state/actions";
import { catalogue } from "../state/catalogue";
import { at, playing, seek } from "../state/clock";
import { panel, tab, touring } from "../state/focus";
import { activeSide, template } from "../state/runs";
import { Icon } from "../ui/icon";

/** The guided tour of a template: a few steps, each of which says something, does something, and points somewhere. */
export function Tour() {
  const steps = template.value?.tour ?? [];
  const number = touring.value;
  const step = number === null ? undefined : steps[number];
  if (number === null || !step) return null;
  return <Step key={`${template.value?.id} ${number}`} step={step} number={number} of={steps.length} />;
}

function Step({ step, number, of }: { step: TourStep; number: number; of: number }) {
  const box = useRef<HTMLDivElement>(null);
  const done = useSignal(false);
  const act = actionOf(step);
  useLayoutEffect(() => {
    const look = step.look ?? "";
    if (look.startsWith("tab-")) tab.value = look.slice(4) as typeof tab.value;
    // What a field changes is seen in the charts.
    if (look.startsWith("chart") || look.startsWith("field-")) panel.value = "charts";
    if (look.startsWith("anomal")) panel.value = "anomalies";
    const place = () => {
      const target = document.querySelector<HTMLElement>(`[data-testid="${CSS.escape(look)}"]`);
      document.querySelectorAll(".toured").forEach((one) => one !== target && one.classList.remove("toured"));
      target?.classList.add("toured");
      if (box.current) beside(box.current, target);
    };
    const target = document.querySelector(`[data-testid="${CSS.escape(look)}"]`);
    // What lies in a closed group has no place to scroll to.
    target?.closest("details")?.setAttribute("open", "");
    target?.scrollIntoView?.({ block: "nearest" });
    place();
    const timer = setInterval(place, 250);
    return () => {
      clearInterval(timer);
      document.querySelectorAll(".toured").forEach((one) => one.classList.remove("toured"));
    };
  }, []);
  useEffect(() => box.current?.querySelector<HTMLElement>("[data-testid=tour-next]")?.focus({ preventScroll: true }), []);
  const go = (to: number) => {
    if (to >= of) giveBack();
    touring.value = to >= of || to < 0 ? null : to;
  };
  return (
    <div class="tour" ref={box} role="dialog" aria-label={`Guided tour, step ${number + 1} of ${of}`} data-testid="tour">
      <div class="tour-head">
        <span class="tour-dots" aria-hidden="true">
          {Array.from({ length: of }, (_, index) => (
            <i key={index} class={index === number ? "here" : index < number ? "past" : ""} />
          ))}
        </span>
        <span class="num">
          {number + 1} / {of}
        </span>
        <button type="button" class="bare" aria-label="End the tour" data-testid="tour-close" onClick={() => (touring.value = null)}>
          <Icon name="close" />
        </button>
      </div>
      <p aria-live="polite">{step.say}</p>
      <div class="tour-foot">
        {number > 0 && (
          <button type="button" class="textual" data-testid="tour-back" onClick={() => go(number - 1)}>
            Back
          </button>
        )}
        {act && (
          <button
            type="button"
            data-testid="tour-do"
            disabled={done.value}
            onClick={() => {
              act.run();
              done.value = true;
            }}
          >
            {done.value ? "Done" : act.label}
          </button>
        )}
        <button
          type="button"
          class="solid"
          data-testid="tour-next"
          onClick={() => {
            if (act && !act.free && !done.value) act.run();
            go(number + 1);
          }}
        >
          {number + 1 < of ? "Next" : "Finish"}
        </button>
      </div>
    </div>
  );
}

/** Sets what the tour has changed back to the template's own. */
function giveBack() {
  const own = template.peek();
  for (const { do: did } of own?.tour ?? []) {
    const value = did?.field === undefined ? undefined : own!.fields[did.field];
    const field = catalogue.peek().fields.find((one) => one.name === did?.field);
    if (field && value !== undefined) activeSide.peek().set(field.name, valueText(field, value));
  }
}

interface Action {
  label: string;
  run: () => void;
  /** Whether the tour goes on without it as well. */
  free?: boolean;
}

/** What a step does, if it does anything, and the button that does it. */
function actionOf({ do: wanted }: TourStep): Action | null {
  if (!wanted) return null;
  if (wanted.tour !== undefined) {
    const next = catalogue.value.templates.find((one) => one.id === wanted.tour);
    if (!next) return null;
    return {
      label: `Tour of ${next.title}`,
      free: true,
      run: () => {
        chooseTemplate(next.id);
        touring.value = 0;
      },
    };
  }
  if (wanted.open === "card") {
    const first = activeSide.value.run.value?.anomalies[0];
    return first ? { label: "Open the card", free: true, run: () => void openAnomaly(first) } : null;
  }
  if (wanted.field !== undefined && wanted.value !== undefined) {
    const { field: name, value } = wanted;
    const field = catalogue.value.fields.find((one) => one.name === name);
    return { label: `Set ${field?.label ?? name} to ${valueText(field, value).replaceAll("_", ".")}`, run: () => activeSide.peek().set(name, valueText(field, value)) };
  }
  if (wanted.seek !== undefined) {
    const to = Number(wanted.seek);
    return {
      label: `Go to ${to / 1000} s`,
      run: () => {
        playing.value = false;
        seek(Number.isFinite(to) ? to : at.peek());
      },
    };
  }
  if (wanted.play !== undefined) return { label: "Play", run: () => (playing.value = true) };
  return null;
}

/** Puts the card beside what it speaks of, on the side that has room. */
function beside(box: HTMLElement, target: HTMLElement | null) {
  const { innerWidth: width, innerHeight: height } = window;
  const mine = box.getBoundingClientRect();
  const gap = 14;
  const edge = 12;
  let left = (width - mine.width) / 2;
  let top = height - mine.height - 90;
  if (target) {
    const its = target.getBoundingClientRect();
    const column = target.closest<HTMLElement>(".controls, .side, .stage")?.getBoundingClientRect() ?? its;
    const within = (value: number, most: number) => Math.min(Math.max(edge, value), most - edge);
    if (target.closest(".transport")) {
      left = within(its.left, width - mine.width);
      top = its.top - gap * 4 - mine.height;
    } else if (column.right + gap + mine.width < width - edge) {
      left = column.right + gap;
      top = within(its.top + 8, height - mine.height);
    } else if (column.left - gap - mine.width > edge) {
      left = column.left - gap - mine.width;
      top = within(its.top + 8, height - mine.height);
    } else {
      left = within(its.left + (its.width - mine.width) / 2, width - mine.width);
      top = its.bottom + gap + mine.height < height ? its.bottom + gap : its.top - gap - mine.height;
      if (top < edge) top = height - mine.height - edge - 90;
    }
  }
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
