// SPDX-License-Identifier: Apache-2.0
import { banding, bands, bandSeeds, bandsShown } from "../state/studies";

/** One seed is one possible day: switches the bands over several on, and says how far they are. */
export function Seeds() {
  const under = bands.progress.value;
  const shown = bandsShown.value;
  const said = !banding.value
    ? "One seed is one possible day; more show how much it varies."
    : under
      ? under.of === 0
        ? "waiting…"
        : `${under.done} of ${under.of} played`
      : (bands.trouble.value ?? (shown && shown.played < bandSeeds ? `Time ran out: ${shown.played} were played.` : "bands behind the lines"));
  return (
    <p class="seeds">
      <button type="button" aria-pressed={banding.value} data-testid="bands" title={`Plays these settings on seeds 1 to ${bandSeeds}, and draws what nine tenths of them do behind the line of this one`} onClick={() => (banding.value = !banding.value)}>
        Over {bandSeeds} seeds
      </button>
      <span role="status" data-testid="bands-said">
        {said}
      </span>
      {under && under.of > 0 && <progress max={under.of} value={under.done} aria-label="Seeds played" />}
    </p>
  );
}
