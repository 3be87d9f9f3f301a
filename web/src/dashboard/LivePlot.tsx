// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { palette, type Palette } from "../state/theme";

interface Props {
  title: ComponentChildren;
  label: string;
  note?: ComponentChildren;
  testid: string;
  data: uPlot.AlignedData;
  options: (colours: Palette) => Partial<uPlot.Options>;
  /** Made anew when one of these changes. */
  made: unknown[];
  /** A value that must not be passed, in the unit of the chart's left axis. */
  target?: number;
  children?: ComponentChildren;
}

/** A chart over the last hour, whose data grows while one looks. All of them share the cursor. */
export function LivePlot(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const colours = palette.value;

  useEffect(() => {
    const element = place.current!;
    const height = () => Math.max(96, element.clientHeight);
    const made = new uPlot(
      {
        width: Math.max(120, element.clientWidth),
        height: height(),
        legend: { show: false },
        padding: [8, 18, 0, 0],
        ...latest.current.options(colours),
        plugins: [targetPlugin(colours, latest)],
        cursor: { points: { size: 5 }, drag: { x: false, y: false }, sync: { key: "hour", setSeries: false } },
      } as uPlot.Options,
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (Math.abs(element.clientWidth - made.width) > 1 || Math.abs(height() - made.height) > 1) made.setSize({ width: Math.max(120, element.clientWidth), height: height() });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [colours, ...props.made]);

  useEffect(() => plot.current?.setData(props.data), [props.data]);

  return (
    <figure class="chart" data-testid={props.testid}>
      <figcaption>
        <h3>{props.title}</h3>
        <span class="chart-note">{props.note}</span>
      </figcaption>
      <div class="chart-place" ref={place} role="img" aria-label={props.label} />
      {props.children && <p class="chart-key">{props.children}</p>}
    </figure>
  );
}

/** The target as a dashed line, and what lies beyond it shaded. */
function targetPlugin(colours: Palette, latest: { current: Props }): uPlot.Plugin {
  return {
    hooks: {
      draw: (u) => {
        const { target } = latest.current;
        const scale = u.scales.y;
        if (target === undefined || !scale || scale.max == null || target > scale.max || target < (scale.min ?? 0)) return;
        const { ctx, bbox } = u;
        const y = Math.round(u.valToPos(target, "y", true)) + 0.5;
        ctx.save();
        ctx.strokeStyle = colours.ink2;
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        // At the left, where the data is old, and on a ground of its own.
        ctx.font = `${10 * devicePixelRatio}px ${colours.font}`;
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        const pad = 3 * devicePixelRatio;
        ctx.fillStyle = colours.surface;
        ctx.fillRect(bbox.left + pad, y - 7 * devicePixelRatio, ctx.measureText("target").width + 2 * pad, 14 * devicePixelRatio);
        ctx.fillStyle = colours.ink2;
        ctx.fillText("target", bbox.left + 2 * pad, y);
        ctx.restore();
      },
    },
  };
}
