// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";

/** The moment that the pointer is at, in a chart or on the scrubber, in ms; null when it is at none. */
export const pointed = signal<number | null>(null);
