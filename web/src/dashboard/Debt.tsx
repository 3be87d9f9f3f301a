// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from "preact";
import { whole } from "../ui/format";
import type { State } from "./contract";
import { Figure } from "./Figure";
import type { FigureId } from "./figures";
import { plural, room, span } from "./format";
import { Section } from "./Section";

const rowsMax = 8;
/** What has waited for less is on its way. */
const underWayMs = 10_000;

export function DebtSection({ now }: { now: State }) {
  const { debt, clients } = now;
  const { hints, audits, tombstones, rebuilding, lag } = debt;
  const behind = Math.max(0, ...lag.map(({ dots }) => dots));
  const unknown = debt.lag_not_known ?? [];
  const late = lag.some(({ oldest_ms }) => oldest_ms >= underWayMs);
  const differing = debt.diverged_keys_at_most;
  const filling = rebuilding.reduce((sum, { count }) => sum + count, 0);
  return (
    <Section id="debt" wide title="Entropy debt" note="what has yet to come to all owners">
      <div class="tiles small">
        <Small id="hints" name="Hints" value={whole(hints.count)} more={hints.count > 0 ? <>{room(hints.bytes)}, oldest {span(hints.oldest_s * 1000)}<Left id="hintsLeft" of={hints.for} /></> : "nothing held for others"} some={hints.count > 0} />
        <Small id="lag" name="Furthest behind" value={behind === 0 && unknown.length > 0 ? "–" : whole(behind)} more={unknown.length > 0 ? `not known of ${unknown.slice(0, 4).join(", ")}: clocks are off` : behind > 0 ? `${plural(behind, "write", "writes")}${late ? "" : ", on the way"}` : "all have what the others have"} some={late} />
        <Small id="diverged" name="Keys that differ" value={differing === null || differing === undefined ? "–" : differing === 0 ? "0" : `≤ ${whole(differing)}`} more={differing === null || differing === undefined ? "not known" : differing === 0 ? "all owners have the same" : `an estimate${late ? "" : ", on the way"}`} some={late} />
        <Small id="tombstones" name="Deletes that wait" value={whole(tombstones.waiting)} more={tombstones.for.length > 0 ? `for ${tombstones.for.map(({ node }) => node).slice(0, 4).join(", ")}` : "none"} some={false} />
        <Small
          id="audit"
          name="Oldest audit"
          value={audits.oldest_s >= 0 ? span(audits.oldest_s * 1000) : "–"}
          more={audits.groups === 0 ? "no data yet" : audits.never > 0 ? `${whole(audits.never)} of ${whole(audits.groups)} groups not yet` : `of ${whole(audits.groups)} groups`}
          some={false}
        />
        <Small id="rebuilding" name="Copies being filled" value={whole(filling)} more={filling > 0 ? <>at {rebuilding.map(({ node }) => node).slice(0, 4).join(", ")}<Left id="copiesLeft" of={rebuilding} /></> : "all copies are whole"} some={filling > 0} />
        <Small id="siblings" name="Most siblings" value={whole(clients.siblings_most)} more={<><Figure id="siblingsP99">p99 {typeof clients.siblings_p99 === "number" ? whole(clients.siblings_p99) : "–"}</Figure>, of reads of the last minute</>} some={clients.siblings_most > 16} />
        <Small id="repairs" name="Mended by reads" value={whole(debt.repairs)} more="since the nodes started" some={false} />
      </div>
      <Owed now={now} />
      <Discarded now={now} />
    </Section>
  );
}

/** How long until the last of it is done, where all of it becomes less. */
function Left({ id, of }: { id: FigureId; of: { left_s?: number }[] }) {
  const left = of.map(({ left_s }) => left_s ?? Number.NaN);
  const longest = Math.max(...left);
  return Number.isNaN(longest) ? null : <>, <Figure id={id}>about {span(longest * 1000)} left</Figure></>;
}

function Small({ id, name, value, more, some }: { id: FigureId; name: string; value: string; more: ComponentChildren; some: boolean }) {
  return (
    <div class={`tile${some ? " some" : ""}`} data-testid={`tile-${id}`}>
      <h3>{name}</h3>
      <Figure id={id}>
        <b class="num">{value}</b>
      </Figure>
      <p>{more}</p>
    </div>
  );
}

/** What last-write-wins threw away, where there are such buckets. */
function Discarded({ now }: { now: State }) {
  const { discarded } = now.debt;
  if (!discarded || discarded.concurrent + discarded.blind === 0) return null;
  return (
    <p class="discarded" data-testid="discarded">
      <Figure id="discarded">
        Last write wins threw away <b>{whole(discarded.concurrent)}</b> values written at the same time as another, <b>{whole(discarded.blind)}</b> blindly replaced
      </Figure>
      {discarded.buckets.map(({ name, concurrent, blind }) => (
        <span key={name} title={`${concurrent} at the same time, ${blind} blindly`}>
          <b>{name}</b> {whole(concurrent)} + {whole(blind)}
        </span>
      ))}
    </p>
  );
}

/** To whom something is owed, the most first. */
function Owed({ now }: { now: State }) {
  const { debt } = now;
  const owners = new Map<string, { hints: number; bytes: number; oldest: number; holders: number; dots: number; lagMs: number; deletes: number; filling: number }>();
  const of = (node: string) => {
    const known = owners.get(node) ?? { hints: 0, bytes: 0, oldest: 0, holders: 0, dots: 0, lagMs: 0, deletes: 0, filling: 0 };
    owners.set(node, known);
    return known;
  };
  for (const one of debt.hints.for) Object.assign(of(one.node), { hints: one.count, bytes: one.bytes, oldest: one.oldest_s, holders: one.holders });
  for (const one of debt.lag) Object.assign(of(one.node), { dots: one.dots, lagMs: one.oldest_ms });
  for (const one of debt.tombstones.for) of(one.node).deletes = one.count;
  for (const one of debt.rebuilding) of(one.node).filling = one.count;
  const owed = [...owners].filter(([, one]) => one.hints + one.deletes + one.filling > 0 || one.lagMs >= underWayMs);
  const sorted = owed.sort(([, a], [, b]) => b.hints + b.dots + b.deletes - (a.hints + a.dots + a.deletes));
  if (sorted.length === 0) return null;
  const deletes = sorted.some(([, one]) => one.deletes > 0);
  const filled = sorted.some(([, one]) => one.filling > 0);
  const most = Math.max(1, ...sorted.map(([, one]) => Math.max(one.hints, one.dots)));
  return (
    <div class="table-place">
      <table class="rows" data-testid="owed">
        <thead>
          <tr>
            <th scope="col">owed to</th>
            <th scope="col">hints</th>
            <th scope="col">bytes</th>
            <th scope="col">oldest</th>
            <th scope="col">held by</th>
            <th scope="col">writes behind</th>
            <th scope="col">for</th>
            {deletes && <th scope="col">deletes wait</th>}
            {filled && <th scope="col">copies filled</th>}
            <th scope="col" class="wide-only" aria-label="share" />
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, rowsMax).map(([node, one]) => (
            <tr key={node}>
              <th scope="row">{node}</th>
              <td>{whole(one.hints)}</td>
              <td>{one.hints > 0 ? room(one.bytes) : ""}</td>
              <td>{one.hints > 0 ? span(one.oldest * 1000) : ""}</td>
              <td>{one.holders > 0 ? `${one.holders} ${plural(one.holders, "node", "nodes")}` : ""}</td>
              <td>{whole(one.dots)}</td>
              <td>{one.dots > 0 ? span(one.lagMs) : ""}</td>
              {deletes && <td>{one.deletes > 0 ? whole(one.deletes) : ""}</td>}
              {filled && <td>{one.filling > 0 ? whole(one.filling) : ""}</td>}
              <td class="wide-only">
                <meter class="owed" min={0} max={most} value={Math.max(one.hints, one.dots)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > rowsMax && <p class="quiet">and {sorted.length - rowsMax} more nodes</p>}
    </div>
  );
}
