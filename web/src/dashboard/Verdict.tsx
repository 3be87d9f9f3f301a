// SPDX-License-Identifier: Apache-2.0
import type { State } from "./contract";
import { Mark } from "./marks";

const moods = { good: "all is well", watch: "worth an eye", bad: "not all is served" } as const;

export function Verdict({ now }: { now: State }) {
  const { mood, sentence, problems } = now.verdict;
  const more = problems.filter((problem) => !sentence.includes(problem));
  return (
    <section id="verdict" class={`verdict verdict-${mood}`} data-testid="verdict" aria-label="Verdict" tabIndex={-1}>
      <span class="verdict-mark">
        <Mark name={mood} label={moods[mood]} />
      </span>
      <div>
        <h1 data-testid="sentence" aria-live="polite">
          {sentence}
        </h1>
        {more.length > 0 && (
          <ul class="problems" data-testid="problems">
            {more.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
