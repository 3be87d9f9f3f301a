// SPDX-License-Identifier: Apache-2.0
import { computed, signal } from "@preact/signals";
import type { Catalogue } from "../api/contract";

/** Templates, fields and presets, once the node has answered. */
export const catalogue = signal<Catalogue>({ build: "", templates: [], fields: [], presets: [] });
export const ready = computed(() => catalogue.value.templates.length > 0);

/** What went wrong and concerns the whole page, in a sentence. */
export const notice = signal<string | null>(null);
