// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { palette, type Palette } from "../state/theme";
import { Canvas, type Surface } from "../ui/Canvas";
import { whole } from "../ui/format";
import type { Level, PartitionState, State } from "./contract";
import { Figure } from "./Figure";
import { Section } from "./Section";

const says: Record<PartitionState, string> = {
  a: "all owners there",
  e: "enough for R and W",
  s: "writes by fallbacks alone",
  w: "no writes",
  t: "no reads; writes by fallbacks alone",
  r: "no reads",
  x: "neither reads nor writes",
};
const order: PartitionState[] = ["a", "e", "s", "w", "t", "r", "x"];

export function Partitions({ now }: { now: State }) {
  const { levels, count } = now.partitions;
  return (
    <Section id="partitions" title="Partitions" note={<Figure id="partitions">{whole(count)} by what can be served</Figure>}>
      {levels.length === 0 && <p class="quiet">What buckets ask for is not known yet.</p>}
      {levels.map((level, index) => (
        <Served key={`${level.n} ${level.r} ${level.w}`} level={level} usual={index === 0} />
      ))}
    </Section>
  );
}

const pointed = signal<{ level: string; partition: number } | null>(null);

interface Placement {
  members: string[];
  owners: number[][];
}

/** Who owns what under each n; asked for once somebody points at a partition. */
const placements = signal<Record<number, Placement | "asked">>({});

function point(level: Level, name: string, partition: number) {
  pointed.value = { level: name, partition: Math.max(0, Math.min(level.states.length - 1, partition)) };
  if (placements.peek()[level.n]) return;
  placements.value = { ...placements.peek(), [level.n]: "asked" };
  fetch(`/placement?n=${level.n}`)
    .then((response) => response.json() as Promise<Placement>)
    .then((told) => (placements.value = { ...placements.peek(), [level.n]: told }))
    .catch(() => {});
}

function ownersOf(level: Level, partition: number): string {
  const told = placements.value[level.n];
  if (!told || told === "asked") return "";
  const owners = (told.owners[partition] ?? []).map((place) => told.members[place] ?? "?");
  return owners.length > 0 ? `; owners ${owners.join(", ")}` : "";
}

function Served({ level, usual }: { level: Level; usual: boolean }) {
  const name = `${level.n}/${level.r}/${level.w}`;
  const there = order.filter((state) => level.counts[state] > 0);
  const at = pointed.value?.level === name ? pointed.value.partition : null;
  const one = at === null ? undefined : (level.states[at] as PartitionState | undefined);
  return (
    <div class="served" data-testid="served">
      <p class="served-of">
        <b>
          N={level.n} R={level.r} W={level.w}
        </b>{" "}
        <span class="quiet">
          {usual ? "the default" : null}
          {usual && level.buckets > 0 ? " and " : null}
          {level.buckets > 0 ? `${whole(level.buckets)} ${level.buckets === 1 ? "bucket" : "buckets"}` : null}
          {level.sloppy ? " · sloppy" : " · strict"}
          {level.few > 0 ? ` · ${level.few} copies here: so few are the machines` : null}
        </span>
      </p>
      <div
        class="strip"
        tabIndex={0}
        role="group"
        aria-label={`Partitions at N=${level.n} R=${level.r} W=${level.w}; arrows go through them`}
        style={{ height: `${stripHeight(level.states.length)}px` }}
        onKeyDown={(event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow(level.states.length), ArrowUp: -perRow(level.states.length) }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          point(level, name, at === null ? 0 : at + step);
        }}
        onBlur={() => (pointed.value = null)}
      >
        <Canvas
          testid="strip"
          label={there.map((state) => `${whole(level.counts[state])} ${says[state]}`).join(", ")}
          draw={(surface) => draw(surface, level.states, palette.value, pointed.value?.level === name ? pointed.value.partition : -1)}
          onPoint={(x, y) => point(level, name, partitionAt(x, y, level.states.length))}
          onLeave={() => (pointed.value = null)}
        />
      </div>
      <p class="strip-key">
        {one ? (
          <span class="strip-one" data-testid="strip-one" aria-live="polite">
            partition {at}: {says[one]}
            {ownersOf(level, at ?? 0)}
          </span>
        ) : (
          there.map((state) => (
            <span key={state} class="key">
              <i class={`cell cell-${state}`} /> <b class="num">{whole(level.counts[state])}</b> {says[state]}
            </span>
          ))
        )}
      </p>
    </div>
  );
}

/** Cells of the strip: as large as the number of partitions allows, in rows as long as the place is wide. */
const sides = [18, 16, 14, 12, 10, 8, 6, 5, 4];
const highest = 152;
const width = signal(600);
const side = (count: number) => sides.find((size) => Math.ceil(count / Math.max(1, Math.floor(width.value / size))) * size <= highest) ?? 3;
const perRow = (count: number) => Math.max(1, Math.floor(width.value / side(count)));
const stripHeight = (count: number) => Math.ceil(count / perRow(count)) * side(count);

function partitionAt(x: number, y: number, count: number): number {
  const size = side(count);
  return Math.floor(y / size) * perRow(count) + Math.min(perRow(count) - 1, Math.floor(x / size));
}

function draw({ context, width: across }: Surface, states: string, colours: Palette, at: number) {
  if (Math.abs(across - width.peek()) > 1) queueMicrotask(() => (width.value = across));
  const size = side(states.length);
  const gap = size > 5 ? 2 : 1;
  const row = perRow(states.length);
  for (let i = 0; i < states.length; i++) {
    cell(context, states[i] as PartitionState, (i % row) * size, Math.floor(i / row) * size, size - gap, colours);
  }
  if (at >= 0) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.5;
    context.strokeRect((at % row) * size - 0.5, Math.floor(at / row) * size - 0.5, size - gap + 1, size - gap + 1);
  }
}

/** Full, part of the height, hatched, hollow, crossed: by shape as well as by colour. */
function cell(context: CanvasRenderingContext2D, state: PartitionState, x: number, y: number, size: number, colours: Palette) {
  const colour = state === "a" ? colours.ok : state === "e" ? colours.unsure : state === "s" ? colours.hint : colours.fail;
  context.globalAlpha = state === "a" ? 0.55 : 1;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  if (state === "a") context.fillRect(x, y, size, size);
  else if (state === "e") context.fillRect(x, y + size * 0.35, size, size * 0.65);
  else if (state === "s") {
    context.strokeRect(x + 0.6, y + 0.6, size - 1.2, size - 1.2);
    context.fillRect(x, y + size * 0.6, size, size * 0.4);
  } else if (state === "x") context.fillRect(x, y, size, size);
  else {
    context.strokeRect(x + 0.6, y + 0.6, size - 1.2, size - 1.2);
    context.beginPath();
    if (state !== "w") {
      context.moveTo(x + 1, y + 1);
      context.lineTo(x + size - 1, y + size - 1);
    }
    if (state !== "t") {
      context.moveTo(x + size - 1, y + 1);
      context.lineTo(x + 1, y + size - 1);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}
