// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { latency, whole } from "../ui/format";
import type { NodeRow, State } from "./contract";
import { Figure } from "./Figure";
import type { FigureId } from "./figures";
import { rate, room, span } from "./format";
import { Mark, type MarkName } from "./marks";
import { Section } from "./Section";

const shownAtFirst = 12;
const all = signal(false);
const filter = signal("");

const trouble = (node: NodeRow): number =>
  node.state === "silent" ? 4 : node.state !== "serving" ? 3 : node.unsure || (node.groups_rebuilding ?? 0) > 0 || (node.damaged_reads ?? 0) > 0 ? 2 : node.saturated || (node.behind_dots ?? 0) > 0 ? 1 : 0;

const mark = (node: NodeRow): MarkName => (node.state === "silent" || node.state === "no_writes" ? "bad" : trouble(node) > 1 ? "watch" : "good");

const byName = new Intl.Collator(undefined, { numeric: true });

export function Nodes({ now }: { now: State }) {
  const wanted = filter.value.toLowerCase();
  const many = now.nodes.length > shownAtFirst;
  const rows = now.nodes
    .filter(({ id, machine, state, version }) => !wanted || `${id} ${machine} ${state} ${version ?? ""}`.toLowerCase().includes(wanted))
    .sort((a, b) => (many ? trouble(b) - trouble(a) : 0) || byName.compare(a.id, b.id));
  const shown = all.value || !many ? rows : rows.slice(0, shownAtFirst);
  const serving = now.nodes.filter(({ state }) => state === "serving").length;
  const versions = new Set(now.nodes.flatMap(({ version }) => version ?? []));
  return (
    <Section
      id="nodes"
      wide
      title="Nodes"
      note={
        <Figure id="state">
          {serving} of {now.members} serve, on {now.machines} machines{versions.size > 1 ? `, ${versions.size} versions` : ""}
        </Figure>
      }
    >
      {many && (
        <p class="nodes-find">
          <input type="search" placeholder="Find a node, machine or state" aria-label="Find a node" value={filter.value} data-testid="nodes-filter" onInput={(event) => (filter.value = event.currentTarget.value)} />
          <span class="quiet">those in trouble first</span>
        </p>
      )}
      <div class="table-place">
        <table class="rows nodes" data-testid="node-rows">
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">state</th>
              <Head id="uptime" text="up" />
              <Head id="reads" text="reads/s" />
              <Head id="writes" text="writes/s" />
              <Head id="readTime" text="read p99" />
              <Head id="sync" text="fsync p99" />
              <Head id="pause" text="GC pause" />
              <Head id="clock" text="clock" />
              <Head id="inFlight" text="in flight" />
              <Head id="queue" text="to send" />
              <Head id="hints" text="holds hints" />
              <Head id="lag" text="behind" />
              <Head id="disk" text="disk free" />
              <Head id="version" text="version" />
            </tr>
          </thead>
          <tbody>
            {shown.map((node) => (
              <Row key={node.id} node={node} at={now.at_ms} self={now.asked} />
            ))}
          </tbody>
        </table>
      </div>
      {many && rows.length > shownAtFirst && (
        <button type="button" class="textual" data-testid="nodes-all" onClick={() => (all.value = !all.value)}>
          {all.value ? `Show ${shownAtFirst}` : `Show all ${rows.length}`}
        </button>
      )}
      {rows.length === 0 && <p class="quiet">No node is like that.</p>}
    </Section>
  );
}

function Head({ id, text }: { id: FigureId; text: string }) {
  return (
    <th scope="col" class="right">
      <Figure id={id}>{text}</Figure>
    </th>
  );
}

function stateText(node: NodeRow): string {
  if (node.state === "silent") return node.away_ms >= 0 ? `down ${span(node.away_ms)}` : "does not tell";
  if (node.state !== "serving") return node.state.replace("_", " ");
  if ((node.groups_rebuilding ?? 0) > 0) return `filling ${whole(node.groups_rebuilding)}`;
  if (node.unsure) return "not voting yet";
  return node.saturated ? "serving, busy" : "serving";
}

function Row({ node, at, self }: { node: NodeRow; at: number; self: string }) {
  const told = node.state !== "silent";
  const free = node.disk_total && node.disk_total > 0 && node.disk_free !== undefined ? node.disk_free / node.disk_total : null;
  return (
    <tr class={told ? "" : "silent"} data-testid={`node-${node.id}`}>
      <th scope="row">
        {node.id}
        {node.id === self && <small> asked</small>}
        <small class="machine">{node.machine}</small>
      </th>
      <td class="left" title={node.sentence}>
        <span class={`state state-${mark(node)}`}>
          <Mark name={mark(node)} /> {stateText(node)}
        </span>
      </td>
      {told ? (
        <>
          <td>
            {node.since_ms ? span(at - node.since_ms) : "–"}
            <small> boot {node.boot}</small>
          </td>
          <td>{rate(node.reads_per_s)}</td>
          <td>{rate(node.writes_per_s)}</td>
          <td>{ms(node.read_p99_ms)}</td>
          <td>{ms(node.sync_p99_ms)}</td>
          <td title={node.gc_total_ms === undefined ? undefined : `${whole(node.gc_total_ms)} ms in all`}>
            {pause(node.gc_max_ms)}
            {node.gc_p99_ms != null && <small> p99 {Math.round(node.gc_p99_ms)}</small>}
          </td>
          <td title={node.clock_unsure_ms == null ? undefined : `to ${node.clock_unsure_ms} ms`}>{offset(node.clock_ahead_ms)}</td>
          <td>{whole(node.in_flight)}</td>
          <td>{room(node.queue_bytes)}</td>
          <td>{whole(node.hints_held)}</td>
          <td>{whole(node.behind_dots)}</td>
          <td class={free !== null && free < 0.1 ? "short" : ""}>
            {room(node.disk_free)}
            {free !== null && <small> {Math.round(free * 100)} %</small>}
          </td>
          <td>{node.version}</td>
        </>
      ) : (
        <td colSpan={13} class="left quiet">
          {node.sentence}
        </td>
      )}
    </tr>
  );
}

const ms = (value: number | null | undefined) => (value == null ? "–" : `${latency(value)} ms`);

/** The JVM tells whole milliseconds. */
const pause = (value: number | null | undefined) => (value == null ? "–" : `${Math.round(value)} ms`);

function offset(ms: number | null | undefined): string {
  if (ms == null) return "–";
  const most = Math.abs(ms);
  const text = most < 10_000 ? `${most} ms` : span(most);
  return ms === 0 ? text : `${ms > 0 ? "+" : "−"}${text}`;
}
