// SPDX-License-Identifier: Apache-2.0
import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

interface Props {
  /** Draws the whole picture; drawn again when a signal that it read has changed, or the size. */
  draw: (surface: Surface) => void;
  label: string;
  testid: string;
  class?: string;
  onPoint?: (x: number, y: number, press: boolean) => void;
  onLeave?: () => void;
}

/** A canvas that fills its place and is sharp on every screen. */
export function Canvas(props: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(props.draw);
  drawing.current = props.draw;
  const redraw = useRef(signal(0));
  useEffect(() => void (redraw.current.value = redraw.current.peek() + 1));
  useEffect(() => {
    const canvas = ref.current!;
    const context = canvas.getContext("2d")!;
    const size = signal({ width: 0, height: 0 });
    const observer = new ResizeObserver(() => {
      const { width, height } = canvas.getBoundingClientRect();
      size.value = { width, height };
    });
    observer.observe(canvas);
    const stop = effect(() => {
      const { width, height } = size.value;
      void redraw.current.value;
      if (width < 2 || height < 2) return;
      const scale = devicePixelRatio || 1;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      drawing.current({ context, width, height });
    });
    return () => {
      stop();
      observer.disconnect();
    };
  }, []);
  const point = (event: PointerEvent, press: boolean) => {
    const box = ref.current!.getBoundingClientRect();
    props.onPoint?.(event.clientX - box.left, event.clientY - box.top, press);
  };
  return (
    <canvas
      ref={ref}
      class={props.class}
      role="img"
      aria-label={props.label}
      data-testid={props.testid}
      onPointerMove={(event) => point(event, false)}
      onPointerDown={(event) => point(event, true)}
      onPointerLeave={() => props.onLeave?.()}
    />
  );
}
