// SPDX-License-Identifier: Apache-2.0
import type { MessageRow, NodeInfo, NodeRef } from "../api/contract";

/** What a message is for, which decides its colour and its shape. */
export type Purpose = "write" | "ack" | "read" | "reply" | "repair" | "hint" | "tree" | "gossip" | "other";

export interface Flight {
  id: number | string;
  kind: string;
  purpose: Purpose;
  from: number;
  to: number;
  op: number | null;
  sent: number;
  /** When it arrives; for a lost one, when it would have been about to. */
  ends: number;
  /** Why it is lost, or nothing. */
  lost: string;
}

const purposes: [RegExp, Purpose, string][] = [
  [/^STORE_REPLICA_REPLY|^STORE_HINT_REPLY|^WRITE_ACK/, "ack", "write acknowledged"],
  [/^STORE_REPLICA|^WRITE|^PUT/, "write", "write"],
  [/^READ_REPLICA_REPLY|^READ_HINT_REPLY/, "reply", "read answered"],
  [/^READ_|^EXPLAIN/, "read", "read"],
  [/^REPAIR/, "repair", "repair"],
  [/^STORE_HINT|^HINT|^HAND_OFF/, "hint", "hint"],
  [/^EXCHANGE|^TREE|^LEAF|^KEYS|^COPY/, "tree", "anti-entropy"],
  [/^PROBE|^ACK$|^NACK|^INDIRECT|GOSSIP|MEMBER|^PROPERTIES|^CLOSE/, "gossip", "gossip"],
];

export function purposeOf(kind: string): Purpose {
  const name = kind.toUpperCase().replaceAll("-", "_");
  return purposes.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}

/** `READ_REPLICA_REPLY` as people read it. */
export const kindText = (kind: string) => kind.toLowerCase().replaceAll("_", " ").replaceAll("-", " ");

/** Finds a node's index from whatever way a row names it; -1 is no node, so a client. */
export function nodeIndex(nodes: NodeInfo[]): (ref: NodeRef | null | undefined) => number {
  const byName = new Map<string, number>();
  nodes.forEach((node, index) => {
    byName.set(node.id, index);
    byName.set(node.short, index);
  });
  return (ref) => (ref === null || ref === undefined ? -1 : typeof ref === "number" ? ref : (byName.get(ref) ?? -1));
}

/** The number of a write: `w12` and 12 are the same. */
export const writeNumber = (id: number | string) => (typeof id === "number" ? id : Number(id.replace(/\D/g, "")) || 0);

const unlost = new Set(["", "ok", "delivered", "arrived", "in-flight"]);

export function flightOf(row: MessageRow, index: (ref: NodeRef | null) => number, usual: number): Flight {
  const [id, kind, from, to, op, sent, arrives, fate] = row;
  const lost = fate && !unlost.has(fate) ? fate : arrives === null ? "lost" : "";
  return {
    id,
    kind,
    purpose: purposeOf(kind),
    from: index(from),
    to: index(to),
    op: op === null || op === "" ? null : Number(op),
    sent,
    ends: lost ? sent + usual : (arrives ?? sent + usual),
    lost,
  };
}

/** A message in one line. */
export function describe(flight: Flight, name: (index: number) => string): string {
  const end = flight.lost ? `lost: ${kindText(flight.lost)}` : `arrives ${flight.ends.toFixed(3)} ms`;
  const op = flight.op === null ? "" : ` · operation ${flight.op}`;
  return `${kindText(flight.kind)} ${name(flight.from)} → ${name(flight.to)} · sent ${flight.sent.toFixed(3)} ms, ${end}${op}`;
}
