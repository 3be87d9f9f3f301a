// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { about, type FigureId } from "./figures";

interface Shown {
  id: FigureId;
  of: Element;
  at: DOMRect;
  pinned: boolean;
}

/** The number whose detail is shown. */
export const detail = signal<Shown | null>(null);

/** When the page scrolls: one that was reached by keyboard or tapped stays beside its number, while that is in sight. */
export function keepBeside() {
  const shown = detail.peek();
  if (!shown) return;
  const at = shown.of.getBoundingClientRect();
  const stays = (shown.pinned || shown.of.matches(":focus-visible")) && at.bottom > 0 && at.top < innerHeight;
  detail.value = stays ? { ...shown, at } : null;
}

interface Props {
  id: FigureId;
  children: ComponentChildren;
  class?: string;
  testid?: string;
}

/** A number that says, when pointed at, reached by keyboard or tapped, what it is and where else it stands. */
export function Figure({ id, children, testid, ...rest }: Props) {
  const show = (event: Event, pinned: boolean) => {
    const of = event.currentTarget as Element;
    detail.value = { id, of, at: of.getBoundingClientRect(), pinned };
  };
  const hide = () => {
    if (!detail.peek()?.pinned) detail.value = null;
  };
  return (
    <button
      type="button"
      class={`figure ${rest.class ?? ""}`}
      data-testid={testid}
      data-figure={id}
      aria-describedby="detail"
      onPointerEnter={(event) => event.pointerType === "mouse" && !detail.peek()?.pinned && show(event, false)}
      onPointerLeave={hide}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(event, false)}
      onBlur={() => (detail.value = null)}
      onClick={(event) => (detail.peek()?.pinned && detail.peek()?.id === id ? (detail.value = null) : show(event, true))}
    >
      {children}
    </button>
  );
}

/** The one panel that details are shown in, beside their number. */
export function Detail() {
  const shown = detail.value;
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const panel = ref.current;
    if (!panel || !shown) return;
    const { offsetWidth: width, offsetHeight: height } = panel;
    const left = Math.max(8, Math.min(shown.at.left, document.documentElement.clientWidth - width - 8));
    const below = shown.at.bottom + 8;
    const top = below + height < innerHeight - 8 ? below : Math.max(8, shown.at.top - height - 8);
    setPlace({ left, top });
  }, [shown]);
  const what = shown ? about[shown.id] : null;
  return (
    <div id="detail" class="detail" role="tooltip" data-testid="detail" ref={ref} hidden={!what} style={{ transform: `translate(${place.left}px, ${place.top}px)` }}>
      {what && (
        <>
          <h3>{what.name}</h3>
          <p>{what.what}</p>
          <dl>
            <dt>metric</dt>
            <dd data-testid="detail-metric">{what.metric}</dd>
            <dt>command</dt>
            <dd data-testid="detail-command">{what.command}</dd>
          </dl>
        </>
      )}
    </div>
  );
}
