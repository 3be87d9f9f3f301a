// SPDX-License-Identifier: Apache-2.0
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { FaultSpan } from "../api/contract";
import { at, playing, seek } from "../state/clock";
import { pointed } from "../state/pointed";
import { palette, roomy, type Palette } from "../state/theme";
import { save } from "../ui/save";
import { svgOf } from "./svg";

export interface PlotProps {
  title: string;
  note?: ComponentChildren;
  testid: string;
  data: uPlot.AlignedData;
  /** The chart for these colours; made anew when one of `made` changes. */
  options: (colours: Palette) => Partial<uPlot.Options>;
  made: unknown[];
  height?: number;
  /** A chart over the run's time: faults shaded, the clock drawn, a press goes there. */
  time?: { faults: FaultSpan[]; end: number };
  onPress?: (plot: uPlot, x: number, y: number) => void;
  children?: ComponentChildren;
}

export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const chart = useRef<uPlot.Options | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const height = (props.height ?? 116) + (roomy.value ? 84 : 0);
  const colours = palette.value;

  useEffect(() => {
    const element = place.current!;
    const { options, time } = latest.current;
    const all = {
      width: Math.max(120, element.clientWidth),
      height,
      legend: { show: false },
      padding: [8, 18, 0, 0],
      ...options(colours),
      plugins: [...(time ? [timePlugin(colours, latest)] : []), pressPlugin(latest)],
      cursor: {
        points: { size: 5 },
        drag: { x: false, y: false },
        ...(time ? { sync: { key: "time", setSeries: false } } : {}),
      },
    } as uPlot.Options;
    const made = new uPlot(all, latest.current.data, element);
    chart.current = { ...all, cursor: { show: false } };
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (Math.abs(element.clientWidth - made.width) > 1) made.setSize({ width: Math.max(120, element.clientWidth), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [colours, height, ...props.made]);

  useEffect(() => {
    plot.current?.setData(props.data);
  }, [props.data]);

  return (
    <figure class="chart" data-testid={props.testid}>
      <figcaption>
        <h3>{props.title}</h3>
        <span class="chart-note">{props.note}</span>
        <button type="button" class="bare chart-save" title="Save as PNG" aria-label={`Save ${props.title} as PNG`} onClick={() => plot.current && savePicture(plot.current, props.testid, colours)}>
          PNG
        </button>
        <button type="button" class="bare chart-save" title="Save as SVG" aria-label={`Save ${props.title} as SVG`} data-testid={`${props.testid}-svg`} onClick={() => plot.current && chart.current && void saveDrawing(plot.current, chart.current, props, colours)}>
          SVG
        </button>
      </figcaption>
      <div class="chart-place" ref={place} role="img" aria-label={props.title} />
      {props.children}
    </figure>
  );
}

function timePlugin(colours: Palette, latest: { current: PlotProps }): uPlot.Plugin {
  let stop = () => {};
  return {
    hooks: {
      drawClear: (u) => {
        const { ctx } = u;
        ctx.save();
        ctx.fillStyle = colours.shade;
        for (const { from, to } of latest.current.time?.faults ?? []) {
          const left = u.valToPos(from / 1000, "x", true);
          const right = u.valToPos(Math.max(to, from + (latest.current.time?.end ?? 0) / 400) / 1000, "x", true);
          ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        }
        ctx.restore();
      },
      ready: (u) => {
        const line = document.createElement("div");
        line.className = "playhead";
        u.over.append(line);
        stop = effect(() => {
          line.style.transform = `translateX(${u.valToPos(at.value / 1000, "x")}px)`;
        });
        u.over.addEventListener("pointerleave", () => (pointed.value = null));
      },
      setSize: (u) => {
        const line = u.over.querySelector<HTMLElement>(".playhead");
        if (line) line.style.transform = `translateX(${u.valToPos(at.peek() / 1000, "x")}px)`;
      },
      setCursor: (u) => {
        if (u.cursor.left !== undefined && u.cursor.left >= 0 && u.over.matches(":hover")) pointed.value = u.posToVal(u.cursor.left, "x") * 1000;
      },
      destroy: () => stop(),
    },
  };
}

function pressPlugin(latest: { current: PlotProps }): uPlot.Plugin {
  return {
    hooks: {
      ready: (u) => {
        u.over.addEventListener("click", (event) => {
          const box = u.over.getBoundingClientRect();
          const [x, y] = [event.clientX - box.left, event.clientY - box.top];
          if (latest.current.onPress) latest.current.onPress(u, x, y);
          else if (latest.current.time) {
            playing.value = false;
            seek(u.posToVal(x, "x") * 1000);
          }
        });
      },
    },
  };
}

function savePicture(plot: uPlot, name: string, colours: Palette) {
  const source = plot.ctx.canvas;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [source.width, source.height];
  const context = canvas.getContext("2d")!;
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0);
  canvas.toBlob((blob) => blob && save(blob, `${name}.png`));
}

async function saveDrawing(plot: uPlot, options: uPlot.Options, { data, testid }: PlotProps, colours: Palette) {
  const text = await svgOf({ ...options, width: plot.width, height: plot.height }, data, colours.surface);
  save(new Blob([text], { type: "image/svg+xml" }), `${testid}.svg`);
}
