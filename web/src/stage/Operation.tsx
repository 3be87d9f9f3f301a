// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Op } from "../api/contract";
import { nodeIndex, type Flight } from "../recording/message";
import { lookAt, step } from "../state/actions";
import { at } from "../state/clock";
import { focusOp } from "../state/focus";
import type { Side } from "../state/runs";
import { readOnly } from "../state/theme";
import { SpaceTime } from "./SpaceTime";

/** One operation in space and time: every message that served it. */
export function Operation({ side }: { side: Side }) {
  const run = side.run.value;
  const focus = focusOp.value;
  const found = useSignal<{ op: Op; flights: Flight[] } | null>(null);
  useEffect(() => {
    let left = false;
    const load = async () => {
      if (!run) return;
      const wanted = focus ?? (await firstAfter(side));
      if (!wanted || left) return;
      const op = await run.timeline.op(wanted.id, wanted.near);
      if (!op || left) return;
      const flights = new Map<string | number, Flight>();
      const until = op.at + Math.max(4 * (op.ms ?? 0), 20);
      for (let time = op.at; time <= Math.min(until, run.timeline.end); time += run.timeline.width) {
        const chunk = await run.timeline.load(time);
        for (const flight of [...(chunk?.base.flying ?? []), ...(chunk?.flights ?? [])]) {
          if (flight.op === op.id) flights.set(flight.id, flight);
        }
      }
      if (!left) found.value = { op, flights: [...flights.values()] };
    };
    void load();
    return () => {
      left = true;
    };
  }, [run, focus]);
  if (!run || !found.value) {
    return (
      <div class="stage-empty" data-testid="operation">
        <p>No operation is chosen.</p>
        <button type="button" onClick={() => void step("operation", true)}>
          Go to the next one
        </button>
      </div>
    );
  }
  const { op, flights } = found.value;
  const via = nodeIndex(run.summary.nodes)(op.via);
  const ended = op.at + (op.ms ?? 0);
  const last = Math.min(op.at + Math.max(3 * (op.ms ?? 1), 1), Math.max(ended, ...flights.map((one) => one.ends)));
  const later = flights.filter((one) => one.sent > last).length;
  return (
    <div class="operation" data-testid="operation">
      <header>
        <h3>
          <span class={`kind kind-${op.kind}`}>{op.kind}</span> of {op.key}
        </h3>
        <p>
          through {run.summary.nodes[via]?.short ?? "?"} for client {op.client}, operation <span class="num">{op.id}</span>
        </p>
        <Outcome op={op} />
      </header>
      <SpaceTime
        testid="spacetime"
        label={`The messages of the ${op.kind} of ${op.key}`}
        nodes={run.summary.nodes}
        flights={flights}
        spans={[{ from: op.at, to: ended, lane: via, label: `${op.kind} ${op.result}`, tone: op.verdict === "stale" ? "stale" : op.result !== "ok" ? "fail" : op.kind === "read" ? "read" : "write" }]}
        from={op.at}
        to={last}
        cursor={at.value >= op.at}
        onPress={(flight) => void lookAt(run, flight)}
        lane={readOnly.value ? 48 : Math.max(44, Math.min(92, (innerHeight - 460) / 5))}
      />
      {flights.length === 0 && (
        <p class="quiet" data-testid="no-messages">
          {op.kind === "read" && op.result === "ok"
            ? `It sent no message: ${run.summary.nodes[via]?.short ?? "the node"} answered from its own copy.`
            : "It sent no message."}
        </p>
      )}
      {later > 0 && <p class="quiet">{later} more of its messages come later.</p>}
    </div>
  );
}

export function Outcome({ op }: { op: Op }) {
  return (
    <p class="outcome">
      <span class={`chip chip-${op.result}`}>{op.result}</span>
      {op.ms !== null && <span class="num">{op.ms.toFixed(3)} ms</span>}
      {op.versions.length > 0 && <span class="mono">{op.versions.join(" + ")}</span>}
      {op.verdict && op.verdict !== "unknown" && <span class={`chip chip-${op.verdict}`}>{op.verdict}</span>}
    </p>
  );
}

async function firstAfter(side: Side): Promise<{ id: number; near: number } | null> {
  const run = side.run.peek();
  if (!run) return null;
  const running = run.timeline.opsAt(at.peek())[0];
  if (running) return { id: running.id, near: running.at };
  const next = await run.timeline.seek(at.peek(), true, (one) => one.text.includes(" begins"));
  return next?.op ? { id: next.op, near: next.at } : null;
}
