// SPDX-License-Identifier: Apache-2.0
import { offer } from "../state/live";
import type { Side } from "../state/runs";
import { seconds, whole } from "../ui/format";

/** In place of the ring, for a run on a real cluster: what it is, how far, and what it leaves out. */
export function RealRun({ side }: { side: Side }) {
  const progress = side.progress.value;
  const under = side.real.value;
  const run = side.run.value;
  const real = run?.summary.real;
  const bucket = under?.bucket ?? real?.bucket;
  const left = side.leftOut.value ?? [];
  const done = (under ? progress?.done : real?.done) ?? [];
  return (
    <div class="real" data-testid="real" aria-live="polite">
      <p class="real-mark" data-testid="real-mark">
        Real cluster
      </p>
      {under && progress ? (
        <p data-testid="real-progress">
          {progress.doing === "keys"
            ? "All calls are made; every key is read from all its owners, and deleted."
            : `${seconds(Math.round(progress.at / 100) * 100)} of ${seconds(progress.of)}, ${whole(progress.operations)} calls.`}
        </p>
      ) : (
        run && (
          <p data-testid="real-ended">
            {seconds(run.timeline.end)} of calls to {names(run.summary.nodes.map((one) => one.id))}
            {real?.ended ? `; ${real.ended}` : ""}.
          </p>
        )
      )}
      <p class="quiet">
        The arrivals, keys, clients and quorums are the scenario's; the {offer.value.members} nodes, their delays and the clock are real, so
        its latency, loss, nodes, hints and repair say nothing, and nothing comes out twice alike. It writes keys of its own to the
        bucket <b class="mono">{bucket}</b> and deletes them. There is no recording to play: nodes do not tell each message.
      </p>
      {done.length > 0 && (
        <>
          <h3>Done to it</h3>
          <ol class="plain" data-testid="real-done">
            {done.map((one, at) => (
              <li key={at}>{one}.</li>
            ))}
          </ol>
        </>
      )}
      {real?.unsettled && <p>Not in step in time: {real.unsettled}; what was left was looked at as it was.</p>}
      {left.length > 0 && (
        <>
          <h3>Left out</h3>
          <ul data-testid="real-left-out">
            {left.map((one) => (
              <li key={one.text}>
                <code>{one.text}</code>: {one.why}.
              </li>
            ))}
          </ul>
        </>
      )}
      {real && real.unsent > 0 && <p>{whole(real.unsent)} calls were due while too many were under way, and were not made.</p>}
      {real && real.unread > 0 && <p>{whole(real.unread)} keys could not be read from all owners at the end, so nothing is said of lost updates.</p>}
      {real && real.undeleted > 0 && <p>{whole(real.undeleted)} keys could not be deleted.</p>}
    </div>
  );
}

const names = (all: string[]) => (all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`);
