// SPDX-License-Identifier: Apache-2.0
import { useRef } from "preact/hooks";
import { useComputed } from "@preact/signals";
import { openAnomaly } from "../state/actions";
import { at, playing, seek } from "../state/clock";
import { pointed } from "../state/pointed";
import { activeSide, duration } from "../state/runs";
import { seconds } from "../ui/format";

/** The whole run as a line: what failed as bars, anomalies as ticks, and the moment on show. */
export function Scrubber() {
  const track = useRef<HTMLDivElement>(null);
  const run = activeSide.value.run.value;
  const end = Math.max(1, duration.value);
  const place = useComputed(() => `${((100 * at.value) / Math.max(1, duration.value)).toFixed(4)}%`);
  const time = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * end;
  };
  const faults = (run?.summary.faults ?? []).filter((one) => one.from < end).map((one) => ({ ...one, to: Math.min(end, one.to) }));
  const anomalies = run?.anomalies ?? [];
  return (
    <div class="scrubber">
      <div
        class="scrubber-track"
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label="Moment of the run"
        aria-valuemin={0}
        aria-valuemax={Math.round(end)}
        aria-valuenow={Math.round(at.value)}
        aria-valuetext={seconds(Math.round(at.value))}
        data-testid="scrubber"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          playing.value = false;
          seek(time(event));
        }}
        onPointerMove={(event) => {
          pointed.value = time(event);
          if (event.buttons & 1) seek(time(event));
        }}
        onPointerLeave={() => (pointed.value = null)}
        onKeyDown={(event) => {
          const jump = event.key === "Home" ? 0 : event.key === "End" ? end : event.key === "PageUp" ? at.value - end / 20 : event.key === "PageDown" ? at.value + end / 20 : null;
          if (jump === null) return;
          event.preventDefault();
          seek(jump);
        }}
      >
        <svg class="scrubber-marks" viewBox={`0 0 ${end} 30`} preserveAspectRatio="none" aria-hidden="true">
          <rect class="rail" x="0" y="13" width={end} height="4" />
          {faults.map((one) => (
            <rect class="fault" key={one.text + one.from} x={one.from} y="9" width={Math.max(end / 300, one.to - one.from)} height="12" />
          ))}
          <g class="anomaly-ticks">
            {thinned(anomalies, 400).map((one) => (
              <line key={one.n} x1={one.at} x2={one.at} y1="23" y2="29" />
            ))}
          </g>
          {pointed.value !== null && <line class="pointed" x1={pointed.value} x2={pointed.value} y1="4" y2="26" />}
        </svg>
        <div class="scrubber-rider" style={{ left: place.value }}>
          <span class="scrubber-thumb" />
        </div>
      </div>
      <div class="scrubber-words" aria-hidden="true">
        {faults.slice(0, 6).map((one) => (
          <span key={one.text + one.from} style={one.from < end * 0.7 ? { left: `${(100 * one.from) / end}%` } : { right: `${100 - (100 * one.to) / end}%` }}>
            {one.text}
          </span>
        ))}
        {anomalies.length > 0 && (
          <button type="button" class="textual scrubber-count" tabIndex={-1} onClick={() => void openAnomaly(anomalies[0]!)}>
            {anomalies.length} {anomalies.length === 1 ? "anomaly" : "anomalies"}
          </button>
        )}
      </div>
    </div>
  );
}

const thinned = <T,>(list: T[], most: number) => (list.length <= most ? list : list.filter((_, index) => index % Math.ceil(list.length / most) === 0));
