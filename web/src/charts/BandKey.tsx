// SPDX-License-Identifier: Apache-2.0
import type { Bands } from "../api/contract";
import { Key } from "./Key";

/** What the band behind a line is. */
export function BandKey({ mark, bands }: { mark: string; bands: Bands }) {
  return (
    <p class="chart-key" data-testid="band-key">
      <Key mark={`stroke stroke-${mark}`} text="this seed" />
      <Key mark={`band band-${mark}`} text={`90 % of ${bands.played} seeds`} />
      <Key mark={`stroke stroke-${mark} median`} text="median" />
    </p>
  );
}
