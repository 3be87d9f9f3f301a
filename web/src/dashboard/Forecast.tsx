// SPDX-License-Identifier: Apache-2.0
import { latency, percent, whole } from "../ui/format";
import type { StaleLevel, State } from "./contract";
import { Figure } from "./Figure";
import { Mark } from "./marks";

const marks = { agrees: "good", more: "bad", fewer: "note", few: "none" } as const;
const words = { agrees: "agree", more: "more than foretold", fewer: "fewer than foretold", few: "too few" } as const;

/** Stale reads as the delays between the nodes make them, beside those that were seen. */
export function Forecast({ now }: { now: State }) {
  const { levels, sentence, says, trips } = now.staleness;
  const most = scale(Math.max(0.1, ...levels.flatMap((one) => one.says === "few" ? [one.expected_high_pct ?? 0] : [one.observed_pct ?? 0, Math.min(one.observed_high_pct, 4 * (one.observed_pct ?? 0)), one.expected_high_pct ?? 0])));
  return (
    <div class="forecast" data-testid="forecast">
      <h3>
        <Figure id="expected">Stale reads: foretold, and seen</Figure>
      </h3>
      <p class={`forecast-says says-${says}`} data-testid="forecast-says">
        <Mark name={marks[says]} /> {sentence}
      </p>
      {levels.length > 0 && (
        <div class="table-place">
          <table class="rows levels">
            <thead>
              <tr>
                <th scope="col">reads with</th>
                <th scope="col" class="scale" aria-label="picture">
                  <span>0</span>
                  <span>{most} %</span>
                </th>
                <th scope="col">
                  <Figure id="expected">foretold</Figure>
                </th>
                <th scope="col">
                  <Figure id="levelStale">seen</Figure>
                </th>
                <th scope="col">
                  <Figure id="levelSamples">of sampled</Figure>
                </th>
                <th scope="col">
                  <Figure id="gap">written before</Figure>
                </th>
                <th scope="col" class="left">
                  the two
                </th>
              </tr>
            </thead>
            <tbody>
              {levels.map((one) => (
                <tr key={one.name} data-testid="forecast-level">
                  <th scope="row">{one.name}</th>
                  <td class="scale">
                    <Picture one={one} most={most} />
                  </td>
                  <td>{foretold(one)}</td>
                  <td>
                    {percent(one.observed_pct)} %
                    <small> {one.says === "few" ? "too few" : `${percent(one.observed_low_pct)} – ${percent(one.observed_high_pct)}`}</small>
                  </td>
                  <td>{whole(one.samples)}</td>
                  <td>{one.gap_p50_ms === null ? "–" : `${latency(one.gap_p50_ms)} ms`}</td>
                  <td class="left">
                    <span class={`says-${one.says}`}>
                      <Mark name={marks[one.says]} /> {words[one.says]}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="forecast-note">
        <span class="key">
          <i class="range" /> foretold
        </span>
        <span class="key">
          <i class="seen-dot" /> seen, with its 95 % interval; an arrow where it goes on
        </span>
        <Figure id="trips">
          round trips: reads {latency(trips.read_p50_ms)} ms, writes {latency(trips.write_p50_ms)} ms
        </Figure>
      </p>
    </div>
  );
}

function foretold({ expected_low_pct: low, expected_high_pct: high }: StaleLevel): string {
  if (low === null || high === null) return "–";
  return percent(low) === percent(high) ? `${percent(low)} %` : `${percent(low)} – ${percent(high)} %`;
}

/** The next of 1, 2, 5, 10, 20, ... percent, from a tenth on. */
function scale(value: number): number {
  for (let decade = 0.1; ; decade *= 10) for (const step of [1, 2, 5]) if (step * decade >= value || step * decade >= 100) return +Math.min(100, step * decade).toPrecision(2);
}

function Picture({ one, most }: { one: StaleLevel; most: number }) {
  const x = (value: number) => Math.min(100, (100 * value) / most);
  const { expected_low_pct: low, expected_high_pct: high } = one;
  const width = low === null || high === null ? 0 : Math.max(1.2, x(high) - x(low));
  // Of too few reads the interval would tell nothing but that they are few.
  const seen = one.says !== "few";
  const beyond = seen && one.observed_high_pct > most;
  const told = seen ? `seen ${percent(one.observed_pct)} %, between ${percent(one.observed_low_pct)} and ${percent(one.observed_high_pct)} %` : "too few were seen";
  return (
    <div class="picture">
      <svg viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label={`foretold ${foretold(one)}, ${told}`}>
        <line class="ground" x1="0" x2="100" y1="7" y2="7" />
        {width > 0 && <rect class="range" x={Math.min(x(low!), 100 - width)} y="1" width={width} height="12" />}
        {seen && <line class="interval" x1={x(one.observed_low_pct)} x2={x(one.observed_high_pct)} y1="7" y2="7" />}
        {seen && one.observed_pct !== null && <line class="point" x1={x(one.observed_pct)} x2={x(one.observed_pct)} y1="2" y2="12" />}
      </svg>
      {beyond && <i class="beyond" data-testid="forecast-beyond" title={`The interval goes on to ${percent(one.observed_high_pct)} %`} />}
    </div>
  );
}
