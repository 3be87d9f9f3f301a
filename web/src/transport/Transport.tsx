// SPDX-License-Identifier: Apache-2.0
import { step, type StepKind } from "../state/actions";
import { at, caption, faster, playing, speed, speeds, toggle, waiting } from "../state/clock";
import { activeSide, duration } from "../state/runs";
import { clockText, ratioText, seconds, speedText } from "../ui/format";
import { Icon } from "../ui/icon";
import { Scrubber } from "./Scrubber";

const kinds: [StepKind, string][] = [
  ["event", "event"],
  ["message", "message"],
  ["operation", "operation"],
  ["anomaly", "anomaly"],
];

/** Play, pause, speed, steps, and where in the run the page is. */
export function Transport() {
  const run = activeSide.value.run.value;
  // Nothing of a run on a real cluster can be played.
  if (activeSide.value.leftOut.value !== null) {
    return (
      <section class="transport" data-testid="transport" aria-label="Playback">
        <p class="proof">
          <span>on a real cluster, not to be had again</span>
        </p>
      </section>
    );
  }
  return (
    <section class="transport" data-testid="transport" aria-label="Playback">
      <div class="transport-words">
        <p class="caption" data-testid="caption" role="log" aria-live={playing.value ? "off" : "polite"}>
          {playing.value ? (waiting.value ? "Fetching…" : "\u00a0") : caption.value || "\u00a0"}
        </p>
        {run && (
          <p class="proof">
            <span title="Virtual time for each second of real time, when it was run">
              simulated at <b>{ratioText(run.summary.ratio)}</b> real time
            </span>
            <span title="The same link gives the same hash on every machine">
              hash <b class="mono" data-testid="hash">{run.summary.hash}</b>
            </span>
          </p>
        )}
      </div>
      <Scrubber />
      <div class="transport-row">
        <button type="button" class="play" data-testid="play" aria-label={playing.value ? "Pause" : "Play"} title="space" disabled={!run} onClick={toggle}>
          <Icon name={playing.value ? "pause" : "play"} />
        </button>
        <div class="clock">
          <output class="clock-now" data-testid="clock">
            {clockText(at.value)}
          </output>
          <span class="clock-of">of {seconds(duration.value)}</span>
        </div>
        <div class="speed" role="group" aria-label="Speed" title="[ and ]">
          <button type="button" class="bare" aria-label="Slower" data-testid="slower" disabled={speed.value <= speeds[0]} onClick={() => faster(-1)}>
            <Icon name="minus" />
          </button>
          <output data-testid="speed">{speedText(speed.value)}</output>
          <button type="button" class="bare" aria-label="Faster" data-testid="faster" disabled={speed.value >= speeds.at(-1)!} onClick={() => faster(1)}>
            <Icon name="plus" />
          </button>
        </div>
        <div class="steps" role="group" aria-label="Step">
          {kinds.map(([kind, label]) => (
            <span class="step" key={kind}>
              <button type="button" class="bare" aria-label={`Last ${label}`} data-testid={`back-${kind}`} disabled={!run} onClick={() => void step(kind, false)}>
                <Icon name="back" />
              </button>
              <span>{label}</span>
              <button type="button" class="bare" aria-label={`Next ${label}`} data-testid={`next-${kind}`} disabled={!run} onClick={() => void step(kind, true)}>
                <Icon name="next" />
              </button>
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}
