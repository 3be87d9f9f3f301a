// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import type { Flight } from "../recording/message";

export type Tab = "ring" | "operation" | "copies";

/** What the stage shows. */
export const tab = signal<Tab>("ring");
/** The key whose replicas are marked, as an index into the run's keys. */
export const focusKey = signal(0);
/** The operation that is drawn in space and time; near says about when it began. */
export const focusOp = signal<{ id: number; near: number } | null>(null);
/** The message that is looked at, and whose run it is of. */
export const focusMessage = signal<{ run: string; flight: Flight } | null>(null);
/** The side panel. */
export const panel = signal<"charts" | "anomalies">("charts");
/** The anomaly whose card is open. */
export const card = signal<number | null>(null);
export const helping = signal(false);
export const sharing = signal(false);
/** The step of the tour, from 0; null when no tour runs. */
export const touring = signal<number | null>(null);
/** Whether the planner is open. */
export const planned = signal(false);
