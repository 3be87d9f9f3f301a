// SPDX-License-Identifier: Apache-2.0

/** A mark of a chart and what it stands for. */
export function Key({ mark, text }: { mark: string; text: string }) {
  return (
    <span class="key">
      <i class={mark}>{mark === "mark-fail" ? "×" : null}</i> {text}
    </span>
  );
}
