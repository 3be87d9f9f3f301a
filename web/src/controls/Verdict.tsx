// SPDX-License-Identifier: Apache-2.0
import { numberOf } from "../scenario/text";
import type { Side } from "../state/runs";
import { Icon } from "../ui/icon";
import { percent } from "../ui/format";

/** N boxes: which of them a write waits for, which a read; where both fall, they meet. */
function Overlap({ n, r, w }: { n: number; r: number; w: number }) {
  const boxes = Array.from({ length: Math.max(0, n || 0) }, (_, index) => {
    const written = index < w;
    const read = index >= n - r;
    return <i key={index} class={`${written ? "w" : ""} ${read ? "r" : ""}`} />;
  });
  return (
    <div class="overlap" aria-hidden="true">
      {boxes}
    </div>
  );
}

export function Verdict({ side }: { side: Side }) {
  const { values } = side.settings.value;
  const [n, r, w] = ["n", "r", "w"].map((name) => numberOf(values[name] ?? "")) as [number, number, number];
  const verdict = side.verdict.value;
  const refusal = side.refusal.value;
  const miss = verdict?.closed?.miss;
  return (
    <div class="verdict" data-testid="verdict" aria-live="polite">
      <Overlap n={n} r={r} w={w} />
      {refusal ? (
        <p class="refusal" data-testid="refusal">
          {refusal.sentence}
        </p>
      ) : (
        <p class="verdict-sentence">{verdict?.sentence ?? "…"}</p>
      )}
      {!refusal && miss != null && miss > 0 && (
        <p class="quiet">
          Two quorums drawn at random miss each other with probability <b class="num">{percent(miss * 100, 1)} %</b>.
        </p>
      )}
      {!refusal &&
        verdict?.warnings.map((one) => (
          <p class="caution" key={one.code} data-testid={`warning-${one.code}`}>
            <Icon name="warning" />
            <span>{one.sentence}</span>
          </p>
        ))}
    </div>
  );
}
