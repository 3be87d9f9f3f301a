// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { exportAddress } from "../api/client";
import { sharing } from "../state/focus";
import { activeSide, type Finished } from "../state/runs";
import { Icon } from "../ui/icon";

/** The link, the command line and the files of what is on show. */
export function Share() {
  const run = activeSide.value.run.value;
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (sharing.value && run) box.current?.show();
    box.current?.querySelector<HTMLElement>("input")?.focus();
  }, [sharing.value]);
  if (!sharing.value || !run) return null;
  return (
    <dialog class="sheet" ref={box} aria-label="Share" data-testid="share">
      <header>
        <h2>Share this run</h2>
        <button type="button" class="bare" aria-label="Close" onClick={() => (sharing.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      <Copied label="Link" testid="share-link" text={location.href} />
      <Copied label="Command line" testid="share-cli" text={run.cli} />
      {run.timeline.empty ? (
        <>
          <p class="quiet">
            The link opens the simulated run of these settings; the command runs them on a cluster once more. What came of this run is not
            to be had again.
          </p>
          <h3>Export</h3>
          <div class="exports">
            <a href={exportAddress(run.id, "json")} download="lab-live.json" data-testid="export-json">
              JSON <small>summary</small>
            </a>
            <a href={exportAddress(run.id, "ops.csv")} download="lab-live.csv" data-testid="export-csv">
              CSV <small>operations</small>
            </a>
          </div>
        </>
      ) : (
        <Replayed run={run} />
      )}
    </dialog>
  );
}

/** What a simulated run is known by, and its files. */
function Replayed({ run }: { run: Finished }) {
  return (
    <>
      <p class="quiet">
        Both replay this run bit for bit: same scenario, same result hash <b class="mono">{run.summary.hash}</b>.
      </p>
      <h3>Export</h3>
      <div class="exports">
        <a href={exportAddress(run.id, "json")} download={`lab-${run.summary.hash}.json`} data-testid="export-json">
          JSON <small>everything</small>
        </a>
        <a href={exportAddress(run.id, "ops.csv")} download={`lab-${run.summary.hash}.csv`} data-testid="export-csv">
          CSV <small>operations</small>
        </a>
        <a href={exportAddress(run.id, "transcript")} download={`lab-${run.summary.hash}.txt`} data-testid="export-transcript">
          Text <small>transcript</small>
        </a>
      </div>
    </>
  );
}

function Copied({ label, text, testid }: { label: string; text: string; testid: string }) {
  const copied = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages without TLS may not write to the clipboard; the old way works there.
      input.current?.select();
      document.execCommand("copy");
    }
    copied.value = true;
    setTimeout(() => (copied.value = false), 1600);
  };
  return (
    <label class="copied">
      <span>{label}</span>
      <input ref={input} readOnly value={text} data-testid={testid} onFocus={(event) => event.currentTarget.select()} />
      <button type="button" data-testid={`${testid}-copy`} onClick={() => void copy()}>
        {copied.value ? "Copied" : "Copy"}
      </button>
    </label>
  );
}
