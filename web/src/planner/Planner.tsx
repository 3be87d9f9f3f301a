// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PlanRow } from "../api/contract";
import { open } from "../state/actions";
import { planned } from "../state/focus";
import { activeSide, template } from "../state/runs";
import { planning, testing } from "../state/studies";
import { targets } from "../state/targets";
import { numberOf } from "../scenario/text";
import { bytes, latency, percent } from "../ui/format";
import { Icon } from "../ui/icon";

const down = signal(1);
const most = signal(3);
const variants = signal(false);
const rest = signal(false);

/** Targets in, settings that meet them out, the cheapest first. */
export function Planner() {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (planned.value) box.current?.show();
    box.current?.querySelector<HTMLElement>("input")?.focus({ preventScroll: true });
  }, [planned.value]);
  if (!planned.value) return null;
  const { values } = activeSide.value.settings.value;
  const nodes = numberOf(values.nodes ?? "5");
  const under = planning.progress.value;
  const ask = () => {
    testing.stop();
    void planning.ask({
      // The planner's runs have the load and the delays of the settings, and no failures but its own.
      plan: withoutFailures(activeSide.peek().text.peek()),
      targets: targets.peek().filter((one) => one.value !== "").map((one) => `${one.name}${one.sign}${Number(one.value) / one.scale}`),
      down: down.peek(),
      n: [Math.min(3, most.peek()), most.peek()],
      variants: variants.peek(),
      seeds: "1..6",
    });
  };
  return (
    <dialog class="sheet planner" ref={box} aria-label="Planner" data-testid="planner">
      <header>
        <h2>Which settings will do?</h2>
        <button type="button" class="bare" aria-label="Close" onClick={() => (planned.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        {targets.value.map((one, index) => (
          <label key={one.name}>
            <span>{one.label}</span>
            <i>{one.sign === "<=" ? "at most" : "at least"}</i>
            <input
              type="number"
              min="0"
              step="any"
              placeholder="any"
              value={one.value}
              data-testid={`target-${one.name}`}
              onInput={(event) => (targets.value = targets.value.map((old, at) => (at === index ? { ...old, value: event.currentTarget.value } : old)))}
            />
            <small>{one.unit}</small>
          </label>
        ))}
        <label>
          <span>Also with</span>
          <i />
          <input type="number" min="0" max={Math.min(2, nodes - 1)} value={down.value} data-testid="target-down" onInput={(event) => (down.value = event.currentTarget.valueAsNumber || 0)} />
          <small>{down.value === 1 ? "node" : "nodes"} down</small>
        </label>
        <label>
          <span>Copies</span>
          <i>up to</i>
          <input type="number" min="1" max={Math.min(7, nodes)} value={most.value} data-testid="target-n" onInput={(event) => (most.value = event.currentTarget.valueAsNumber || 3)} />
          <small>N</small>
        </label>
        <label class="planner-check">
          <input type="checkbox" checked={variants.value} data-testid="target-variants" onChange={(event) => (variants.value = event.currentTarget.checked)} /> try hedging and read repair too
        </label>
        {under ? (
          <button type="button" data-testid="plan-stop" onClick={() => planning.stop()}>
            Stop
          </button>
        ) : (
          <button type="submit" class="solid" data-testid="plan-ask">
            Find settings
          </button>
        )}
      </form>
      <p class="quiet" aria-live="polite" data-testid="plan-says">
        {under
          ? under.of === 0
            ? "Waiting for the node…"
            : `${under.done} of ${under.of} runs of Coterie's own code`
          : (planning.trouble.value ?? said())}
      </p>
      {under && <progress max={Math.max(1, under.of)} value={under.done} aria-label="Runs" />}
      {planning.result.value && <Table />}
    </dialog>
  );
}

const withoutFailures = (scenario: string) => {
  const template = scenario.split(".").slice(0, 2).join(".");
  const parts = scenario.split(".").slice(2).filter((part) => !part.startsWith("fail="));
  return [template, ...parts, "fail=none"].join(".");
};

function said(): string {
  const plan = planning.result.value;
  if (!plan) return `Load, delays and cluster of the settings (${template.value?.title.toLowerCase() ?? ""}); n, r and w are tried out.`;
  const left = plan.rows.filter((row) => row.basis === "UNPLAYED").length;
  const cut = left > 0 ? ` Time ran out: ${left} were not played.` : planning.cut.value ? " Time ran out before all seeds were played." : "";
  return (plan.meeting === 0 ? "No setting meets them; the nearest:" : `${plan.meeting} ${plan.meeting === 1 ? "setting meets" : "settings meet"} them, the cheapest first.`) + cut;
}

function Table() {
  const plan = planning.result.value;
  if (!plan) return null;
  const played = plan.rows.filter((row) => row.basis === "PLAYED" && (rest.value || row.better === null));
  const shown = plan.meeting > 0 && !rest.value ? played.filter((row) => row.meets) : played.slice(0, 24);
  const others = plan.rows.filter((row) => !shown.includes(row)).length;
  const out = Map.groupBy(
    plan.rows.filter((row) => row.basis === "COUNTING" || row.basis === "MODEL"),
    (row) => row.basis,
  );
  const names = (rows: PlanRow[] | undefined) => [...new Set((rows ?? []).map((row) => `${row.n}/${row.r}/${row.w}`))].join(", ");
  const missed = (row: PlanRow, metric: string) => (row.misses.some((miss) => miss.startsWith(metric)) ? "missed" : "");
  const mean = (row: PlanRow, metric: string) => row.metrics[metric]?.mean;
  return (
    <>
      <div class="planner-scroll">
        <table data-testid="plan-table">
          <thead>
            <tr>
              {["", "N R W", "stale", "read p99", "write p99", "writes", "msgs/op", "bytes/op", ""].map((title, at) => (
                <th key={at} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.scenario} class={row.meets ? "" : "missing"} data-testid="plan-row" title={row.misses.join("; ")}>
                <td title={row.surely ? "Every target holds, also at the ends of its 95 % interval" : row.meets ? "Every target holds of the mean" : ""}>{row.surely ? "✓" : row.meets ? "(✓)" : "–"}</td>
                <td class="mono">
                  {row.n} {row.r} {row.w}
                  {planning.result.value && variants.value && <small>{` ${row.hedge ? "hedged" : "unhedged"}, ${row.repair}`}</small>}
                </td>
                <td class={missed(row, "stale_read_pct")}>{percent(mean(row, "stale_read_pct"))} %</td>
                <td class={missed(row, "quorum_read_latency_ms_p99")}>{latency(mean(row, "quorum_read_latency_ms_p99"))} ms</td>
                <td class={missed(row, "quorum_write_latency_ms_p99")}>{latency(mean(row, "quorum_write_latency_ms_p99"))} ms</td>
                <td class={missed(row, "write_success_rate")}>{percent((mean(row, "write_success_rate") ?? 0) * 100)} %</td>
                <td>{latency(mean(row, "messages_per_op"))}</td>
                <td>{bytes(Math.round(mean(row, "bytes_per_op") ?? 0))}</td>
                <td>
                  <button
                    type="button"
                    data-testid="plan-row-open"
                    aria-label={`Open N ${row.n}, R ${row.r}, W ${row.w}`}
                    onClick={() => {
                      open(row.scenario);
                      planned.value = false;
                    }}
                  >
                    Open
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        Played on {shown[0]?.seeds ?? 0} seeds{plan.down > 0 ? `, and again with ${plan.down} down for half of the time` : ""}.
        {out.has("COUNTING") && ` By counting, R or W cannot be had then: ${names(out.get("COUNTING"))}.`}
        {out.has("MODEL") && ` Far off by the model: ${names(out.get("MODEL"))}.`}
        {others > 0 && " "}
        {others > 0 && (
          <button type="button" class="textual" data-testid="plan-rest" aria-pressed={rest.value} onClick={() => (rest.value = !rest.value)}>
            {rest.value ? "Fewer" : "Show those that miss or cost more"}
          </button>
        )}
      </p>
    </>
  );
}
