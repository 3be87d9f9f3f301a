// SPDX-License-Identifier: Apache-2.0
// Runs on the cluster of the node that serves the page, where it is a node of one.
import { signal } from "@preact/signals";
import * as api from "../api/client";
import type { LiveOffer } from "../api/contract";
import { at, playing } from "./clock";
import { card, focusOp } from "./focus";
import type { Side } from "./runs";

export const offer = signal<LiveOffer>({ offered: false });

export async function askForOffer() {
  offer.value = await api.liveOffer().catch(() => ({ offered: false }));
}

/** Runs one side's settings on the cluster, or stops the run that is under way there. */
export async function runOnCluster(side: Side) {
  if (side.real.peek()) {
    side.halt();
    return;
  }
  playing.value = false;
  card.value = null;
  focusOp.value = null;
  at.value = 0;
  await side.execute("real");
}
