// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import * as api from "../api/client";
import type { Op, Summary } from "../api/contract";
import type { Flight } from "./message";
import { happeningsOf, loadChunk, messagesOf, momentOf, type Chunk, type Happening, type Moment } from "./chunk";

const keptChunks = 48;
const rowsWanted = 3500;

/**
 * The recording of one run as the page needs it: pieces of equal length, fetched when the clock comes
 * near them, and folded forward to any moment.
 */
export class Timeline {
  /** Goes up whenever a piece has come in. */
  readonly loaded = signal(0);
  /** Set once the node says that it keeps this run no longer. */
  readonly gone = signal(false);
  readonly end: number;
  readonly width: number;
  /** A real cluster keeps no recording: there is nothing to be fetched. */
  readonly empty: boolean;
  readonly #chunks = new Map<number, Chunk>();
  readonly #coming = new Map<number, Promise<Chunk | null>>();
  #cursor: { chunk: Chunk; moment: Moment; flights: number; states: number; versions: number; hints: number; queues: number } | null =
    null;
  #glimpse: Moment | null = null;
  #glimpsing = false;

  constructor(
    readonly run: string,
    readonly summary: Summary,
  ) {
    this.end = summary.seconds * 1000;
    this.empty = summary.real !== undefined;
    const { t, reads, ok, failed, indeterminate } = summary.series;
    let busiest = 1;
    for (let i = 0; i < t.length; i++) busiest = Math.max(busiest, reads[i]! + ok[i]! + failed[i]! + indeterminate[i]!);
    const rowsPerMs = (busiest * (2 + 3 * (summary.homes?.[0]?.length ?? 3))) / summary.series.step;
    const fitting = rowsWanted / rowsPerMs;
    this.width = Math.min(Math.max(5, 2 ** Math.floor(Math.log2(fitting))), Math.max(5, this.end));
  }

  #indexOf(at: number): number {
    return Math.floor(Math.min(Math.max(0, at), Math.max(0, this.end - 0.001)) / this.width);
  }

  /** Sees to it that the piece at a moment comes in. */
  load(at: number): Promise<Chunk | null> {
    const index = this.#indexOf(at);
    const here = this.#chunks.get(index);
    if (here) return Promise.resolve(here);
    const coming = this.#coming.get(index);
    if (coming) return coming;
    if (this.empty) return Promise.resolve(null);
    const from = index * this.width;
    const promise = loadChunk(this.run, from, Math.min(this.end, from + this.width), this.summary.nodes)
      .then((chunk) => {
        this.#chunks.set(index, chunk);
        this.#forget(index);
        this.loaded.value++;
        return chunk;
      })
      .catch((error: unknown) => {
        if (error instanceof api.Refused && error.status === 404) this.gone.value = true;
        return null;
      })
      .finally(() => this.#coming.delete(index));
    this.#coming.set(index, promise);
    return promise;
  }

  #forget(near: number) {
    if (this.#chunks.size <= keptChunks) return;
    const farthest = [...this.#chunks.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near))[0]!;
    this.#chunks.delete(farthest);
  }

  /** The piece at a moment, if it is here; asks for its neighbours too. */
  chunkAt(at: number): Chunk | null {
    const chunk = this.#chunks.get(this.#indexOf(at)) ?? null;
    void this.load(at);
    if (chunk && at + this.width < this.end && this.#coming.size < 2) void this.load(at + this.width);
    return chunk;
  }

  /** How everything stood at a moment, or null while it is being fetched. */
  momentAt(at: number): Moment | null {
    const chunk = this.chunkAt(at);
    if (!chunk) return null;
    if (this.#cursor?.chunk !== chunk || this.#cursor.moment.at > at) {
      const { base } = chunk;
      this.#cursor = {
        chunk,
        moment: {
          at: chunk.from,
          states: [...base.states],
          hints: [...base.hints],
          queues: [...base.queues],
          versions: new Map(base.versions),
          flying: [...base.flying],
        },
        flights: 0,
        states: 0,
        versions: 0,
        hints: 0,
        queues: 0,
      };
    }
    const cursor = this.#cursor;
    const { moment } = cursor;
    for (; cursor.flights < chunk.flights.length && chunk.flights[cursor.flights]!.sent <= at; cursor.flights++) {
      moment.flying.push(chunk.flights[cursor.flights]!);
    }
    moment.flying = moment.flying.filter((one) => (one.lost ? one.ends + (one.ends - one.sent) * 0.6 : one.ends) > at);
    for (; cursor.states < chunk.states.length && chunk.states[cursor.states]!.at <= at; cursor.states++) {
      const { node, state } = chunk.states[cursor.states]!;
      moment.states[node] = state;
    }
    for (; cursor.versions < chunk.versions.length && chunk.versions[cursor.versions]!.at <= at; cursor.versions++) {
      const { node, key, writes } = chunk.versions[cursor.versions]!;
      moment.versions.set(key * 64 + node, writes);
    }
    for (; cursor.hints < chunk.hints.length && chunk.hints[cursor.hints]!.at <= at; cursor.hints++) {
      const { node, count } = chunk.hints[cursor.hints]!;
      moment.hints[node] = count;
    }
    for (; cursor.queues < chunk.queues.length && chunk.queues[cursor.queues]!.at <= at; cursor.queues++) {
      const { node, count } = chunk.queues[cursor.queues]!;
      moment.queues[node] = count;
    }
    moment.at = at;
    return moment;
  }

  /** How long from a moment on nothing flies but gossip; 0 when something does, or nothing is known. */
  quietFrom(at: number): number {
    const chunk = this.#chunks.get(this.#indexOf(at));
    const cursor = this.#cursor;
    if (!chunk || cursor?.chunk !== chunk || cursor.moment.flying.some((one) => one.purpose !== "gossip")) return 0;
    let next = chunk.to;
    for (let i = cursor.flights; i < chunk.flights.length; i++) {
      if (chunk.flights[i]!.purpose === "gossip") continue;
      next = chunk.flights[i]!.sent;
      break;
    }
    return Math.max(0, next - at - 0.01);
  }

  /** A moment for a clock that runs too fast for pieces: the last one that came in, while another is asked for. */
  glimpseAt(at: number): Moment | null {
    if (!this.#glimpsing && !this.empty) {
      this.#glimpsing = true;
      api
        .stateAt(this.run, Math.round(at * 1000) / 1000)
        .then((state) => {
          this.#glimpse = momentOf(state, this.summary.nodes, 1);
          this.loaded.value++;
        })
        .catch(() => undefined)
        .finally(() => setTimeout(() => (this.#glimpsing = false), 90));
    }
    return this.#glimpse;
  }

  /** The operations that run at a moment, as far as they began in the piece at hand or the one before. */
  opsAt(at: number): Op[] {
    const index = this.#indexOf(at);
    const found: Op[] = [];
    for (const chunk of [this.#chunks.get(index - 1), this.#chunks.get(index)]) {
      for (const op of chunk?.ops ?? []) if (op.at <= at && (op.ms === null || op.at + op.ms > at)) found.push(op);
    }
    return found;
  }

  /** The next happening after a moment, or the last before it, that `wanted` takes; fetches on the way. */
  async seek(at: number, forward: boolean, wanted: (one: Happening) => boolean): Promise<Happening | null> {
    const slack = 0.0005;
    let index = this.#indexOf(at);
    const last = this.#indexOf(this.end);
    for (let tries = 0; tries < 200 && index >= 0 && index <= last; tries++, index += forward ? 1 : -1) {
      const chunk = await this.load(index * this.width + this.width / 2);
      if (!chunk) return null;
      const all = happeningsOf(chunk, this.summary.nodes, this.summary.keys);
      const found = forward
        ? all.find((one) => one.at > at + slack && wanted(one))
        : all.findLast((one) => one.at < at - slack && wanted(one));
      if (found) return found;
    }
    return null;
  }

  /** The message that leaves next after a moment, or left last before it; of those that leave at one moment the one beside `current`. Gossip is passed over. */
  async seekMessage(at: number, forward: boolean, current: Flight | null): Promise<Flight | null> {
    const slack = 0.0005;
    const here = current !== null && Math.abs(current.sent - at) < slack ? current : null;
    const last = this.#indexOf(this.end);
    let index = this.#indexOf(at);
    for (let tries = 0; tries < 200 && index >= 0 && index <= last; tries++, index += forward ? 1 : -1) {
      const chunk = await this.load(index * this.width + this.width / 2);
      if (!chunk) return null;
      const all = messagesOf(chunk);
      const place = here ? all.findIndex((one) => one.id === here.id) : -1;
      const beside = place < 0 ? undefined : all[place + (forward ? 1 : -1)];
      if (beside) return beside;
      const found = forward ? all.find((one) => one.sent > at + slack) : all.findLast((one) => one.sent < at - slack);
      if (found) return found;
    }
    return null;
  }

  /** An operation that began near a moment. */
  async op(id: number, near: number): Promise<Op | null> {
    const chunk = await this.load(near);
    const found = chunk?.ops.find((op) => op.id === id);
    if (found) return found;
    const before = near > this.width ? await this.load(near - this.width) : null;
    return before?.ops.find((op) => op.id === id) ?? null;
  }
}
