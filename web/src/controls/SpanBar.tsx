// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { seconds } from "../ui/format";

type Hold = "from" | "until" | "both";

/** When something fails, as a bar over the run's time: its ends are drawn, or the whole of it. For the mouse;
    the fields below it say the same and take the keys. */
export function SpanBar({ from, until, end, onChange }: { from: number; until: number; end: number; onChange: (from: number, until: number) => void }) {
  const track = useRef<HTMLDivElement>(null);
  const held = useRef<{ hold: Hold; at: number; from: number; until: number } | null>(null);
  const span = useSignal<{ from: number; until: number } | null>(null);
  const given = span.value ?? { from, until };
  const shown = { from: Math.min(given.from, end), until: Math.min(given.until, end) };
  const step = end >= 10_000 ? 500 : 100;
  const time = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * end;
  };
  const round = (value: number) => Math.round(value / step) * step;
  const move = (event: PointerEvent) => {
    const start = held.current;
    if (!start) return;
    const by = time(event) - start.at;
    const length = start.until - start.from;
    let next = { from: start.from, until: start.until };
    if (start.hold === "from") next.from = Math.min(Math.max(0, round(start.from + by)), start.until - step);
    else if (start.hold === "until") next.until = Math.max(Math.min(end, round(start.until + by)), start.from + step);
    else {
      const moved = Math.min(Math.max(0, round(start.from + by)), Math.max(0, end - length));
      next = { from: moved, until: moved + length };
    }
    span.value = next;
  };
  const drop = () => {
    const next = span.peek();
    held.current = null;
    span.value = null;
    if (next && (next.from !== from || next.until !== until)) onChange(next.from, next.until);
  };
  return (
    <div
      class="span-bar"
      ref={track}
      aria-hidden="true"
      title={`${seconds(shown.from)} to ${seconds(shown.until)}`}
      onPointerDown={(event) => {
        const at = time(event);
        const near = end / 24;
        const hold: Hold = Math.abs(at - from) < near ? "from" : Math.abs(at - until) < near ? "until" : "both";
        held.current = { hold, at, from, until };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      <i style={{ left: `${(100 * shown.from) / end}%`, width: `${(100 * (shown.until - shown.from)) / end}%` }} />
    </div>
  );
}
