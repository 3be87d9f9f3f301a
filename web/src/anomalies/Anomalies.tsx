// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api/client";
import type { AnomalyCard, AnomalyHead } from "../api/contract";
import { flightOf, nodeIndex } from "../recording/message";
import { numberOf } from "../scenario/text";
import { readOnly } from "../state/theme";
import { openAnomaly, whatIf } from "../state/actions";
import { at } from "../state/clock";
import { card, tab } from "../state/focus";
import { activeSide, type Finished } from "../state/runs";
import { Icon } from "../ui/icon";
import { nameOf } from "./names";
import { SpaceTime, type Span } from "../stage/SpaceTime";

/** Why each stale read was stale: the list, and the card of one. */
export function Anomalies() {
  const run = activeSide.value.run.value;
  if (run?.timeline.empty) return <p class="quiet charts-empty">Of a real cluster nobody knows why a read was stale: the reasons are in messages, and nodes do not tell each.</p>;
  if (!run) return <p class="quiet charts-empty">Anomalies come with the first run.</p>;
  const open = run.anomalies.find((one) => one.n === card.value);
  if (open) return <Card run={run} head={open} />;
  if (run.anomalies.length === 0) {
    return (
      <p class="quiet charts-empty" data-testid="no-anomalies">
        No read of this run was stale. Try R=1 and W=1, or let something fail.
      </p>
    );
  }
  return <List run={run} />;
}

function List({ run }: { run: Finished }) {
  const code = useSignal<string | null>(null);
  const counts = Map.groupBy(run.anomalies, (one) => one.code);
  const shown = run.anomalies.filter((one) => code.value === null || one.code === code.value);
  return (
    <div class="anomalies" data-testid="anomaly-list">
      <div class="codes" role="group" aria-label="Kinds of anomalies">
        {[...counts].map(([name, list]) => (
          <button type="button" key={name} class="code" aria-pressed={code.value === name} onClick={() => (code.value = code.value === name ? null : name)}>
            {nameOf(name)} <b>{list.length}</b>
          </button>
        ))}
      </div>
      <ol>
        {shown.slice(0, 150).map((one) => (
          <li key={one.n}>
            <button type="button" class="anomaly" data-testid={`anomaly-${one.n}`} onClick={() => void openAnomaly(one)}>
              <span class="anomaly-head">
                <time class="num">{(one.at / 1000).toFixed(3)} s</time>
                <span>{nameOf(one.code)}</span>
              </span>
              <span class="anomaly-sentence">{one.sentence}</span>
            </button>
          </li>
        ))}
      </ol>
      {shown.length > 150 && <p class="quiet">And {shown.length - 150} more; the export has them all.</p>}
    </div>
  );
}

function Card({ run, head }: { run: Finished; head: AnomalyHead }) {
  const found = useSignal<AnomalyCard | null>(null);
  useEffect(() => {
    let left = false;
    found.value = null;
    api
      .anomaly(run.id, head.n)
      .then((answer) => {
        if (!left) found.value = answer;
      })
      .catch(() => undefined);
    return () => {
      left = true;
    };
  }, [run, head.n]);
  const index = run.anomalies.indexOf(head);
  const go = (to: number) => run.anomalies[to] && void openAnomaly(run.anomalies[to]);
  return (
    <article class="card" data-testid="anomaly-card">
      <header>
        <button type="button" class="textual" data-testid="card-close" onClick={() => (card.value = null)}>
          All {run.anomalies.length}
        </button>
        <span class="card-turn">
          <button type="button" class="bare" aria-label="Previous anomaly" disabled={index <= 0} onClick={() => go(index - 1)}>
            <Icon name="back" />
          </button>
          <span class="num">{head.n}</span>
          <button type="button" class="bare" aria-label="Next anomaly" disabled={index >= run.anomalies.length - 1} onClick={() => go(index + 1)}>
            <Icon name="next" />
          </button>
        </span>
      </header>
      <p class="card-code">
        <span class="mark-stale" aria-hidden="true" /> {nameOf(head.code)} <code>{head.code}</code>
      </p>
      <p class="card-sentence">{head.sentence}</p>
      {found.value && <Helped counterfactual={found.value.counterfactual} />}
      {found.value && <Evidence run={run} card={found.value} />}
      <WhatIf />
      <footer>
        <button type="button" class="solid" data-testid="jump" onClick={() => void openAnomaly(head)} disabled={at.value === head.at && tab.value === "ring"}>
          Jump there
        </button>
        <button type="button" onClick={() => (tab.value = "operation")}>
          Its operation
        </button>
      </footer>
    </article>
  );
}

/** The same seed with one setting changed, a press away. */
function WhatIf() {
  const { values } = activeSide.value.settings.value;
  const [n, r] = [numberOf(values.n ?? ""), numberOf(values.r ?? "")];
  const others: [string, string, string][] = [];
  if (r < n) others.push(["r", String(r + 1), `R = ${r + 1}`]);
  if (values.repair === "none") others.push(["repair", "async", "read repair"]);
  else if (values.repair === "async") others.push(["repair", "blocking", "blocking repair"]);
  if (readOnly.value || others.length === 0) return null;
  return (
    <p class="what-if">
      <span>Same seed with</span>
      {others.map(([field, value, label]) => (
        <button type="button" key={field} data-testid={`what-if-${field}`} onClick={() => whatIf(field, value)}>
          {label}
        </button>
      ))}
    </p>
  );
}

/** What would have been enough, where it is looked for: right under what went wrong. */
function Helped({ counterfactual }: { counterfactual: string[] }) {
  if (counterfactual.length === 0) return null;
  return (
    <>
      <h4>What would have helped</h4>
      <ul class="helped" data-testid="card-helped">
        {counterfactual.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}

function Evidence({ run, card: found }: { run: Finished; card: AnomalyCard }) {
  const index = nodeIndex(run.summary.nodes);
  const flights = found.messages.map((row) => flightOf(row, index, 1));
  const { read, missed } = found;
  const from = Math.min(read.from, missed.from, ...flights.map((one) => one.sent));
  const to = Math.max(found.at + 0.5, ...flights.map((one) => one.ends));
  const spans: Span[] = [
    { from: missed.from, to: missed.to ?? to, lane: index(missed.via), label: "the write it missed", tone: "write" },
    { from: read.from, to: read.to ?? found.at, lane: index(read.via), label: "the read", tone: "stale" },
  ];
  return (
    <>
      <SpaceTime testid="card-picture" label="The read, the write it missed, and the messages that mattered" nodes={run.summary.nodes} flights={flights} spans={spans.filter((one) => one.lane >= 0)} from={from} to={to} lane={44} />
      {found.evidence.length > 0 && (
        <>
          <h4>Evidence</h4>
          <ul data-testid="card-evidence">
            {found.evidence.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
