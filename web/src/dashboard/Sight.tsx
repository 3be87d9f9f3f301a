// SPDX-License-Identifier: Apache-2.0
import type { Odd, Seen, State } from "./contract";
import { Figure } from "./Figure";
import { names, span } from "./format";
import { Section } from "./Section";

/** Up to so many nodes every pair has a cell; of more, only those that somebody does not see well. */
const cellsMax = 24;
const columnsMax = 16;
const groupsMax = 12;

const glyph: Record<Seen | "up" | "mute" | "self", string> = { up: "", self: "", suspect: "?", dead: "×", cut: "/", slow: "~", mute: "" };
const says: Record<Seen | "up" | "mute" | "self", string> = { up: "up", self: "itself", suspect: "suspect", dead: "down", cut: "no connection", slow: "slow", mute: "does not tell" };

type Cell = keyof typeof glyph;

export function Sight({ now }: { now: State }) {
  const { placements, odd } = now.sight;
  const agreed = placements.length <= 1;
  return (
    <Section
      id="sight"
      title="Who sees whom"
      note={
        <Figure id="placement" class={agreed ? "" : "wrong"} testid="placement">
          {agreed ? `all agree on placement ${placements[0]?.placement.split("/")[0] ?? "–"}` : `${placements.length} different placements`}
        </Figure>
      }
    >
      {now.members <= cellsMax ? <Matrix now={now} /> : <Groups now={now} />}
      <Legend now={now} />
      {odd.length > 0 && <Pairs odd={odd} />}
      {!agreed && (
        <ul class="pairs">
          {placements.map(({ placement, nodes }) => (
            <li key={placement}>
              <code>{placement}</code> {names(nodes)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function lookup(now: State) {
  const seen = new Map<string, Odd>();
  for (const odd of now.sight.odd) seen.set(`${odd.from} ${odd.to}`, odd);
  const mute = new Set(now.nodes.filter(({ state }) => state === "silent").map(({ id }) => id));
  return (from: string, to: string): Cell => (from === to ? "self" : mute.has(from) ? "mute" : (seen.get(`${from} ${to}`)?.as ?? "up"));
}

function Matrix({ now }: { now: State }) {
  const ids = now.nodes.map(({ id }) => id);
  const cell = lookup(now);
  return (
    <div class="matrix-place">
      <table class={`matrix${ids.length > 12 ? " dense" : ""}`} data-testid="matrix">
        <caption class="sr">Rows see columns</caption>
        <thead>
          <tr>
            <td class="corner">
              <Figure id="sight">sees</Figure>
            </td>
            {ids.map((to) => (
              <th key={to} scope="col">
                <span>{to}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ids.map((from) => (
            <tr key={from}>
              <th scope="row">{from}</th>
              {ids.map((to) => {
                const as = cell(from, to);
                return (
                  <td key={to} class={`seen seen-${as}`} title={as === "self" ? from : `${from} sees ${to}: ${says[as]}`} data-seen={as}>
                    <span aria-hidden="true">{glyph[as]}</span>
                    <span class="sr">{says[as]}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Nodes that see alike share a row; nodes that everybody sees well share none. */
function Groups({ now }: { now: State }) {
  const cell = lookup(now);
  const seen = new Map<string, number>();
  for (const { to } of now.sight.odd) seen.set(to, (seen.get(to) ?? 0) + 1);
  const columns = [...seen].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  const shown = columns.slice(0, columnsMax);
  const rows = new Map<string, { cells: Cell[]; nodes: string[] }>();
  let mute = 0;
  for (const { id, state } of now.nodes) {
    if (state === "silent") {
      mute++;
      continue;
    }
    // Itself never stands for an opinion, so it falls in with those that see it well.
    const cells = shown.map((to) => cell(id, to)).map((as) => (as === "self" ? "up" : as));
    const key = cells.join(" ");
    const row = rows.get(key) ?? { cells, nodes: [] };
    row.nodes.push(id);
    rows.set(key, row);
  }
  const sorted = [...rows.values()].sort((a, b) => b.nodes.length - a.nodes.length);
  const rest = now.members - columns.length;
  return (
    <div class="matrix-place">
      {shown.length > 0 && (
        <table class="matrix grouped" data-testid="matrix-groups">
          <caption class="sr">Rows of nodes that see alike; columns of nodes that somebody does not see well</caption>
          <thead>
            <tr>
              <td class="corner">
                <Figure id="sight">sees</Figure>
              </td>
              {shown.map((to) => (
                <th key={to} scope="col">
                  <span>{to}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, groupsMax).map(({ cells, nodes }) => (
              <tr key={nodes[0]}>
                <th scope="row" title={names(nodes, 40)}>
                  {nodes.length === 1 ? nodes[0] : `${nodes.length} nodes`}
                </th>
                {cells.map((as, index) => (
                  <td key={shown[index]} class={`seen seen-${as}`} title={`${names(nodes)}: ${shown[index]} ${says[as]}`} data-seen={as}>
                    <span aria-hidden="true">{glyph[as]}</span>
                    <span class="sr">{says[as]}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="quiet" data-testid="matrix-rest">
        {shown.length === 0 ? `All ${now.members} nodes are seen well by all that tell.` : `The other ${rest} nodes are seen well by all that tell.`}
        {columns.length > shown.length ? ` ${columns.length - shown.length} more columns are left out.` : null}
        {sorted.length > groupsMax ? ` ${sorted.length - groupsMax} more kinds of rows are left out.` : null}
        {mute > 0 ? ` ${mute} ${mute === 1 ? "node does" : "nodes do"} not tell.` : null}
      </p>
    </div>
  );
}

function Legend({ now }: { now: State }) {
  const kinds = new Set<Cell>(["up"]);
  for (const { as } of now.sight.odd) kinds.add(as);
  if (now.members <= cellsMax && now.told < now.members) kinds.add("mute");
  return (
    <p class="strip-key">
      {[...kinds].map((kind) => (
        <span class="key" key={kind}>
          <i class={`seen seen-${kind}`}>{glyph[kind]}</i> {says[kind]}
        </span>
      ))}
    </p>
  );
}

const sees: Record<Seen, [string, string]> = { dead: ["sees", "see"], suspect: ["suspects", "suspect"], cut: ["has no connection to", "have no connection to"], slow: ["gets late answers of", "get late answers of"] };

/** The same in words, of those that most see so. */
function Pairs({ odd }: { odd: Odd[] }) {
  const groups = new Map<string, { as: Seen; to: string; from: string[]; since: number; why: string }>();
  for (const { from, to, as, since_ms, why } of odd) {
    const key = `${to} ${as}`;
    const group = groups.get(key) ?? { as, to, from: [], since: 0, why };
    group.from.push(from);
    group.since = Math.max(group.since, since_ms);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => b.from.length - a.from.length);
  return (
    <ul class="pairs" data-testid="pairs">
      {sorted.slice(0, 4).map(({ as, to, from, since, why }) => (
        <li key={`${to} ${as}`} title={why}>
          {names(from)} {from.length === 1 ? sees[as][0] : sees[as][1]} <b>{to}</b>
          {as === "dead" ? " as down" : null}
          {since > 0 && as !== "slow" ? ` for ${span(since)}` : null}
        </li>
      ))}
      {sorted.length > 4 && <li class="quiet">and {sorted.length - 4} more</li>}
    </ul>
  );
}
