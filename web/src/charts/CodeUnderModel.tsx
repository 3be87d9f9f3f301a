// SPDX-License-Identifier: Apache-2.0
import type { CodeCurve } from "../api/contract";
import { measureCode, measuredShown, measuring } from "../state/studies";
import { latency, percent, whole } from "../ui/format";

/** Asks how the code does where all is as in the model, and says how far the two are apart. */
export function CodeUnderModel() {
  const under = measuring.progress.value;
  const shown = measuredShown.value;
  const said = under
    ? under.of === 0
      ? "Waiting for the node…"
      : under.done === 0
        ? "Drawing the model…"
        : `${whole(under.done)} of ${whole(under.of)} writes by the code`
    : (measuring.trouble.value ?? (shown ? found(shown) : "A run's coordinators hold a copy themselves, the model's do not."));
  return (
    <div class="code-under-model">
      <p role="status" data-testid="pbs-said" data-state={under ? "under way" : measuring.trouble.value ? "trouble" : shown ? "known" : "quiet"}>
        {said}
      </p>
      {under && under.of > 0 && <progress max={under.of} value={under.done} aria-label="Writes by the code" />}
      {under ? (
        <button type="button" data-testid="pbs-stop" onClick={() => measuring.stop()}>
          Stop
        </button>
      ) : (
        !shown && (
          <button type="button" data-testid="pbs-ask" title="Plays writes and reads on the same code with these delays, N, R and W, where the coordinator is a party of its own, messages overtake each other, nothing is repaired and only messages take time" onClick={measureCode}>
            Measure the code as in the model
          </button>
        )
      )}
    </div>
  );
}

function found({ rmse, rmseOfDraws, differing, reads, trials, readMs, writeMs }: CodeCurve): string {
  return (
    `The code under the model's conditions differs from it by ${percent(rmse * 100)}\u00a0% (rmse); draws alone make ${percent(rmseOfDraws * 100)}\u00a0% with ${whole(trials)} writes. ` +
    `With the same delays ${whole(differing)} of ${whole(reads)} reads differ from the model. p99 there: reads ${latency(readMs.p99)} ms, writes ${latency(writeMs.p99)} ms.`
  );
}
