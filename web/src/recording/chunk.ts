// SPDX-License-Identifier: Apache-2.0
import * as api from "../api/client";
import type { Events, NodeInfo, Op, StateAt } from "../api/contract";
import { flightOf, kindText, nodeIndex, writeNumber, type Flight } from "./message";

/** A piece of a recording: how things stood when it began, and what happened in it. */
export interface Chunk {
  from: number;
  to: number;
  base: Moment;
  flights: Flight[];
  states: { at: number; node: number; state: string }[];
  versions: { at: number; node: number; key: number; writes: number[] }[];
  hints: { at: number; node: number; count: number }[];
  queues: { at: number; node: number; count: number }[];
  ops: Op[];
  happenings?: Happening[];
}

/** How everything stood at one moment. */
export interface Moment {
  at: number;
  states: string[];
  hints: number[];
  /** By node: requests of other nodes that have come and are not answered. */
  queues: number[];
  /** The writes that a replica holds of a key, under `cell(node, key)`. */
  versions: Map<number, number[]>;
  flying: Flight[];
}

/** Something that a step can go to. */
export interface Happening {
  at: number;
  text: string;
  op: number | null;
}

export const cell = (node: number, key: number) => key * 64 + node;

const maxPages = 12;

export async function loadChunk(run: string, from: number, to: number, nodes: NodeInfo[]): Promise<Chunk> {
  const [state, first, ops] = await Promise.all([
    api.stateAt(run, from),
    api.events(run, from, to),
    api.ops(run, from, to),
  ]);
  const pages = [first];
  while (pages.at(-1)!.more && pages.length < maxPages) pages.push(await api.events(run, pages.at(-1)!.to, to));
  return chunkOf(from, to, state, pages, ops.ops, nodes);
}

function chunkOf(from: number, to: number, state: StateAt, pages: Events[], ops: Op[], nodes: NodeInfo[]): Chunk {
  const index = nodeIndex(nodes);
  const usual = usualFlight(pages);
  const seen = new Set<number | string>();
  const flights: Flight[] = [];
  const chunk: Chunk = { from, to, base: momentOf(state, nodes, usual), flights, states: [], versions: [], hints: [], queues: [], ops };
  for (const flight of chunk.base.flying) seen.add(flight.id);
  for (const page of pages) {
    for (const row of page.messages) {
      if (seen.has(row[0]) || row[5] > to) continue;
      seen.add(row[0]);
      flights.push(flightOf(row, index, usual));
    }
    for (const [at, node, now] of page.states) chunk.states.push({ at, node: index(node), state: now });
    for (const [at, node, key, writes] of page.versions) {
      chunk.versions.push({ at, node: index(node), key, writes: writes.map(writeNumber) });
    }
    for (const [at, node, count] of page.hints) chunk.hints.push({ at, node: index(node), count });
    for (const [at, node, count] of page.queues) chunk.queues.push({ at, node: index(node), count });
  }
  flights.sort((one, other) => one.sent - other.sent);
  return chunk;
}

/** How long messages usually fly, for those that never arrive. */
function usualFlight(pages: Events[]): number {
  const times: number[] = [];
  for (const row of pages[0]?.messages ?? []) {
    if (row[6] !== null && row[2] !== row[3] && times.length < 400) times.push(row[6] - row[5]);
  }
  times.sort((one, other) => one - other);
  return Math.max(0.05, times[times.length >> 1] ?? 1);
}

export function momentOf(state: StateAt, nodes: NodeInfo[], usual: number): Moment {
  const index = nodeIndex(nodes);
  const moment: Moment = {
    at: state.at,
    states: nodes.map(() => "up"),
    hints: nodes.map(() => 0),
    queues: nodes.map(() => 0),
    versions: new Map(),
    flying: state.inFlight.map((row) => flightOf(row, index, usual)),
  };
  for (const node of state.nodes) {
    const at = index(node.id);
    moment.states[at] = node.state;
    moment.hints[at] = node.hints;
    moment.queues[at] = node.queue;
  }
  for (const [node, key, writes] of state.versions) {
    moment.versions.set(cell(index(node), key), writes.map(writeNumber));
  }
  return moment;
}

/** The messages that leave in a chunk, in order, without gossip. */
export const messagesOf = (chunk: Chunk): Flight[] =>
  [...chunk.base.flying, ...chunk.flights]
    .filter((one) => one.purpose !== "gossip" && one.sent >= chunk.from && one.sent < chunk.to)
    .sort((one, other) => one.sent - other.sent || Number(one.id) - Number(other.id));

/** Everything that happened in a chunk, in order, in words. */
export function happeningsOf(chunk: Chunk, nodes: NodeInfo[], keys: string[]): Happening[] {
  if (chunk.happenings) return chunk.happenings;
  const name = (node: number) => nodes[node]?.short ?? "client";
  const all: Happening[] = [];
  const add = (at: number, text: string, op: number | null) => {
    if (at >= chunk.from && at < chunk.to) all.push({ at, text, op });
  };
  for (const one of [...chunk.base.flying, ...chunk.flights]) {
    const what = `${kindText(one.kind)} ${name(one.from)} → ${name(one.to)}`;
    add(one.sent, `${what} sent`, one.op);
    add(one.ends, one.lost ? `${what} lost (${kindText(one.lost)})` : `${what} arrives`, one.op);
  }
  for (const one of chunk.states) add(one.at, `${name(one.node)} is ${one.state}`, null);
  for (const one of chunk.versions) {
    const held = one.writes.length === 0 ? "nothing" : one.writes.map((write) => `w${write}`).join(" and ");
    add(one.at, `${name(one.node)} holds ${held} of ${keys[one.key] ?? "a key"}`, null);
  }
  for (const one of chunk.hints) add(one.at, `${name(one.node)} holds ${one.count} ${one.count === 1 ? "hint" : "hints"}`, null);
  for (const op of chunk.ops) {
    add(op.at, `${op.kind} of ${op.key} begins`, op.id);
    if (op.ms !== null) {
      add(op.at + op.ms, `${op.kind} of ${op.key} ends: ${op.result}${op.verdict === "stale" ? ", stale" : ""}`, op.id);
    }
  }
  all.sort((one, other) => one.at - other.at);
  chunk.happenings = all;
  return all;
}
