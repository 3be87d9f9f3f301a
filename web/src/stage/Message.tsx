// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api/client";
import { Refused } from "../api/client";
import type { MessageBody, NodeInfo } from "../api/contract";
import { kindText, type Flight } from "../recording/message";
import { focusMessage, tab } from "../state/focus";
import type { Side } from "../state/runs";
import { palette } from "../state/theme";
import { Icon } from "../ui/icon";
import { colourOf, markPath } from "./shapes";

/** What the message that is looked at carried, and the clocks of both its ends. */
export function Message({ side }: { side: Side }) {
  const looked = focusMessage.value;
  const run = side.run.value;
  if (!looked || !run || looked.run !== run.id) return null;
  return <Sheet key={looked.flight.id} run={run.id} flight={looked.flight} nodes={run.summary.nodes} />;
}

function Sheet({ run, flight, nodes }: { run: string; flight: Flight; nodes: NodeInfo[] }) {
  const body = useSignal<MessageBody | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    let left = false;
    void inTurn(() => api.message(run, flight.id), () => left)
      .then((found) => left || (body.value = found))
      .catch((error: unknown) => left || (trouble.value = error instanceof Error ? error.message : String(error)));
    return () => {
      left = true;
    };
  }, []);
  const [from, to] = [flight.from, flight.to].map((index) => nodes[index]?.short ?? "client");
  return (
    <aside class="message" data-testid="message" aria-label="A message" aria-live="polite">
      <header>
        <svg viewBox="-7 -7 14 14" aria-hidden="true">
          <path d={markPath(flight.purpose, 5)} fill={flight.lost ? palette.value.fail : colourOf(flight.purpose, palette.value)} />
        </svg>
        <h3>
          {kindText(flight.kind)} {from} → {to}
        </h3>
        <button type="button" class="bare" aria-label="Close" data-testid="message-close" onClick={() => (focusMessage.value = null)}>
          <Icon name="close" />
        </button>
      </header>
      <p class="quiet">
        sent {flight.sent.toFixed(3)} ms, {flight.lost ? `lost: ${kindText(flight.lost)}` : `arrives ${flight.ends.toFixed(3)} ms`}
        {flight.op !== null && (
          <>
            {" · "}
            <button type="button" class="textual" onClick={() => (tab.value = "operation")}>
              operation {flight.op}
            </button>
          </>
        )}
      </p>
      {body.value ? <Body body={body.value} from={from!} to={to!} /> : <p role="status">{trouble.value || "Playing the run up to it…"}</p>}
    </aside>
  );
}

function Body({ body, from, to }: { body: MessageBody; from: string; to: string }) {
  return (
    <dl data-testid="message-body">
      {body.lines.map(([what, text], index) => (
        <div key={index}>
          <dt>{what}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      {body.sender !== null && (
        <div>
          <dt>clock of {from}, as it left</dt>
          <dd>{body.sender}</dd>
        </div>
      )}
      {body.sender !== null && (
        <div>
          <dt>clock of {to}, as it came</dt>
          <dd>{body.receiver ?? "it never came"}</dd>
        </div>
      )}
    </dl>
  );
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The question before: the node looks into one message at a time. */
let before: Promise<unknown> = Promise.resolve();

/** Asks once nothing else has been looked at for a moment, after the question before. */
async function inTurn<T>(ask: () => Promise<T>, givenUp: () => boolean): Promise<T | null> {
  await wait(120);
  if (givenUp()) return null;
  const mine = before.then(() => (givenUp() ? null : patient(ask, givenUp)));
  before = mine.catch(() => undefined);
  return mine;
}

/** Asks again while the node has others to answer. */
async function patient<T>(ask: () => Promise<T>, givenUp: () => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 429) || tries === 8 || givenUp()) throw error;
      await wait(700);
    }
  }
}
