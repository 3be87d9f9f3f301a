// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { NodeInfo } from "../api/contract";
import { describe, kindText, type Flight } from "../recording/message";
import { at } from "../state/clock";
import { palette } from "../state/theme";
import { colourOf, markPath } from "./shapes";
import { place } from "./labels";
import { scaleOf } from "./scale";

export interface Span {
  from: number;
  to: number;
  lane: number;
  label: string;
  tone: "read" | "write" | "stale" | "fail";
}

interface Props {
  nodes: NodeInfo[];
  flights: Flight[];
  spans: Span[];
  from: number;
  to: number;
  lane?: number;
  cursor?: boolean;
  testid: string;
  label: string;
  /** What a press on a message does. */
  onPress?: (flight: Flight) => void;
}

const left = 38;
const right = 20;

/** Lines of nodes, time to the right, and each message a slanted arrow from its sending to its arrival. */
export function SpaceTime({ nodes, flights, spans, from, to, lane: pitch = 48, cursor = true, testid, label, onPress }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => (width.value = Math.max(240, entry!.contentRect.width)));
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  const used = [...new Set([...flights.flatMap((one) => [one.from, one.to]), ...spans.map((one) => one.lane)])]
    .filter((node) => node >= 0)
    .sort((one, other) => one - other);
  const y = (node: number) => 26 + used.indexOf(node) * pitch;
  const moments = [...flights.filter((one) => one.sent <= to).flatMap((one) => [one.sent, one.ends]), ...spans.flatMap((one) => [one.from, one.to])];
  const { x, breaks, ticks } = scaleOf(moments, from, to, left, width.value - right);
  const height = 26 + Math.max(1, used.length) * pitch;
  const colours = palette.value;
  const mark = cursor && at.value >= from && at.value <= to ? x(at.value) : null;
  const labels = place(
    spans.map((span) => ({ x: x(span.from), to: Math.max(x(span.from) + 4, x(Math.min(to, span.to))), y: y(span.lane), wide: span.label.length * 5.7 })),
    { left: left - 6, right: width.value - 2, mark },
  );
  const inside = (flight: Flight) => flight.sent <= to && flight.ends >= from;
  return (
    <div class="spacetime" ref={ref} data-testid={testid}>
      <svg width={width.value} height={height} role="img" aria-label={label}>
        {ticks.map((time) => (
          <g key={time} class="tick">
            <line x1={x(time)} x2={x(time)} y1={14} y2={height - 20} />
            <text x={x(time)} y={height - 4} text-anchor="middle">
              {trim(time - from)}
            </text>
          </g>
        ))}
        {used.map((node) => (
          <g key={node} class="lane">
            <line x1={left - 10} x2={width.value - right + 10} y1={y(node)} y2={y(node)} />
            <text x={4} y={y(node) + 4}>
              {nodes[node]?.short}
            </text>
          </g>
        ))}
        {breaks.map((one) => (
          <g key={one.from} class="break">
            <rect x={x(one.from) + 3} y={16} width={Math.max(0, x(one.to) - x(one.from) - 6)} height={height - 34} />
            <text x={(x(one.from) + x(one.to)) / 2} y={height - 22} text-anchor="middle">
              {lengthText(one.to - one.from)}
            </text>
          </g>
        ))}
        {spans.map((span, index) => (
          <g key={index} class={`span span-${span.tone}`}>
            <rect x={x(span.from)} y={y(span.lane) - 4} width={Math.max(4, x(Math.min(to, span.to)) - x(span.from))} height={8} rx={3} />
          </g>
        ))}
        {flights.filter(inside).map((flight) => (
          <Arrow key={flight.id} flight={flight} x={x} y={y} pitch={pitch} onPress={onPress} colour={flight.lost ? colours.fail : colourOf(flight.purpose, colours)} name={(node) => nodes[node]?.short ?? "client"} />
        ))}
        {mark !== null && <line class="cursor" x1={mark} x2={mark} y1={8} y2={height - 18} />}
        {labels.map((label, index) => (
          <text key={index} class="span-label" data-testid="span-label" x={label.x} y={label.y}>
            {spans[index]!.label}
          </text>
        ))}
      </svg>
      <p class="spacetime-axis">
        ms after {from.toFixed(3)} ms{breaks.length > 0 && ". Grey is idle time, cut short."}
      </p>
    </div>
  );
}

function Arrow({ flight, x, y, pitch, onPress, colour, name }: { flight: Flight; onPress: ((flight: Flight) => void) | undefined; x: (t: number) => number; y: (n: number) => number; pitch: number; colour: string; name: (node: number) => string }) {
  const [x1, y1, x2, y2] = [x(flight.sent), y(flight.from), x(flight.ends), y(flight.to)];
  const end = flight.lost ? { x: x1 + (x2 - x1) * 0.6, y: y1 + (y2 - y1) * 0.6 } : { x: x2, y: y2 };
  const same = flight.from === flight.to;
  const path = same ? `M${x1} ${y1}q${Math.max(4, (x2 - x1) / 2)} ${pitch * 0.3} ${Math.max(8, x2 - x1)} 0` : `M${x1} ${y1}L${end.x} ${end.y}`;
  const wide = Math.abs(end.x - x1) > 74 && !same;
  const angle = (Math.atan2(end.y - y1, end.x - x1) * 180) / Math.PI;
  const mid = { x: (x1 + end.x) / 2, y: (y1 + end.y) / 2 };
  return (
    <g class={`arrow${flight.lost ? " lost" : ""}`} stroke={colour} fill={colour} onClick={() => onPress?.(flight)}>
      <title>{describe(flight, name)}</title>
      <path d={path} class="hit" />
      <path d={path} fill="none" />
      {flight.lost ? (
        <path d={`M${end.x - 4} ${end.y - 4}l8 8m0 -8l-8 8`} />
      ) : (
        <g transform={`translate(${same ? x1 + Math.max(8, x2 - x1) : end.x} ${end.y})`}>
          <path d={markPath(flight.purpose, 4)} stroke="none" />
        </g>
      )}
      {wide && (
        <text transform={`translate(${mid.x} ${mid.y}) rotate(${angle})`} dy={-5} text-anchor="middle" stroke="none">
          {short(flight)}
        </text>
      )}
    </g>
  );
}

const short = (flight: Flight) => (flight.lost ? kindText(flight.lost) : flight.purpose === "other" ? kindText(flight.kind) : flight.purpose);

const lengthText = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`);

function trim(time: number): string {
  const text = time.toFixed(3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
