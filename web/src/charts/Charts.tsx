// SPDX-License-Identifier: Apache-2.0
import type { Series } from "../api/contract";
import { numberOf } from "../scenario/text";
import { activeSide, sides, type Finished } from "../state/runs";
import { bandsShown, measuredShown } from "../state/studies";
import { Lesser } from "../metrics/Lesser";
import { Key } from "./Key";
import { LatencyChart } from "./LatencyChart";
import { ScatterChart } from "./ScatterChart";
import { Seeds } from "./Seeds";
import { DebtChart, ReadsChart, StaleChart, WritesChart } from "./timeCharts";
import { VisibilityChart } from "./VisibilityChart";

/** All charts: of the run on show, or of the one under way while there is none yet. */
export function Charts() {
  const runs = sides.value.map((side) => side.run.value).filter((run): run is Finished => run !== null);
  const live = sides.value.map((side) => side.live.value).find((one) => one !== null);
  const series: Series[] = runs.length > 0 ? runs.map((run) => run.summary.series) : live && live.t.length > 1 ? [live] : [];
  if (series.length === 0) return <p class="quiet charts-empty">The charts come with the first results.</p>;
  const shown = activeSide.value.run.value ?? runs[0];
  const faults = shown?.summary.faults ?? sides.value.map((side) => side.progress.value?.faults).find((one) => one) ?? [];
  const simulated = runs.length === 1 && !shown?.summary.real;
  const bands = simulated ? bandsShown.value : null;
  const end = shown?.timeline.end ?? numberOf(sides.value[0]!.settings.value.values.time ?? "20") * 1000;
  return (
    <div class="charts" data-testid="charts">
      {runs.length > 1 && (
        <p class="chart-key pair-key">
          <Key mark="stroke stroke-ink" text="A" />
          <Key mark="stroke stroke-ink stroke-dash" text="B" />
        </p>
      )}
      {simulated && <Seeds />}
      <Lesser a={runs[0]?.summary.metrics} b={runs[1]?.summary.metrics} place="column" />
      <StaleChart series={series} faults={faults} end={end} k={shown?.summary.metrics.k ?? null} bands={bands} />
      {bands && <ReadsChart series={series} faults={faults} end={end} bands={bands} />}
      {runs.length > 0 && <LatencyChart runs={runs} bands={bands} />}
      {runs.length > 0 && <VisibilityChart runs={runs} bands={bands} code={simulated ? measuredShown.value : null} asks={simulated} />}
      <WritesChart series={series} faults={faults} end={end} bands={bands} />
      <DebtChart series={series} faults={faults} end={end} bands={bands} />
      {shown && <ScatterChart run={shown} name={runs.length > 1 ? ` of ${activeSide.value.name.toUpperCase()}` : ""} />}
    </div>
  );
}
