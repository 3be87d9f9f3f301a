// SPDX-License-Identifier: Apache-2.0
import { Anomalies } from "../anomalies/Anomalies";
import { Charts } from "../charts/Charts";
import { Controls } from "../controls/Controls";
import { shown } from "../controls/Row";
import { Verdict } from "../controls/Verdict";
import { Metrics } from "../metrics/Metrics";
import { Planner } from "../planner/Planner";
import { Share } from "../share/Share";
import { Stage } from "../stage/Stage";
import { catalogue, notice, ready } from "../state/catalogue";
import { helping, panel } from "../state/focus";
import { keys } from "../state/keyboard";
import { activeSide, dismissOrigin, origin, sideA } from "../state/runs";
import { readOnly } from "../state/theme";
import { Tour } from "../tour/Tour";
import { Transport } from "../transport/Transport";
import { latency, percent } from "./format";
import { Header } from "./Header";
import { Icon } from "./icon";
import { Keys } from "./Keys";

export function App() {
  if (!ready.value) {
    return (
      <main class="opening" data-testid="opening">
        <p>{notice.value ?? "Opening the Lab…"}</p>
      </main>
    );
  }
  const phone = readOnly.value;
  return (
    <>
      <Header />
      <main class="page" data-testid="page">
        {phone ? <ReadOnly /> : <Controls />}
        <div class="centre">
          <Metrics />
          <Stage />
          <Transport />
        </div>
        <aside class="side" aria-label="Results">
          <PanelTabs />
          <div class="side-place">{panel.value === "charts" ? <Charts /> : <Anomalies />}</div>
        </aside>
      </main>
      <Notice />
      <Keys open={helping} keys={keys}>
        What you see is Coterie's own code, run in virtual time on a simulated network and disk. Nothing on this page is a
        model of it, except the curves that are called a model.
      </Keys>
      <Share />
      <Planner />
      <Tour />
      <Spoken />
    </>
  );
}

function PanelTabs() {
  const count = activeSide.value.run.value?.anomalies.length ?? 0;
  return (
    <div class="tabs side-tabs" role="tablist" aria-label="Results">
      <button type="button" role="tab" aria-selected={panel.value === "charts"} data-testid="panel-charts" onClick={() => (panel.value = "charts")}>
        Charts
      </button>
      <button type="button" role="tab" aria-selected={panel.value === "anomalies"} data-testid="anomalies" onClick={() => (panel.value = "anomalies")}>
        Anomalies <span class={`count${count > 0 ? " some" : ""}`}>{count}</span>
      </button>
    </div>
  );
}

/** On a phone: what the run was, to be read and not to be changed. */
function ReadOnly() {
  const side = sideA;
  const { values } = side.settings.value;
  return (
    <section class="read-only" data-testid="read-only" aria-label="Settings">
      <Verdict side={side} />
      <details>
        <summary>Settings of this run</summary>
        <dl>
          {catalogue.value.fields.map((field) => (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd>
                {shown(values[field.name])}
                {field.unit ? ` ${field.unit}` : ""}
              </dd>
            </div>
          ))}
        </dl>
        <p class="quiet">On a wider screen the settings can be changed.</p>
      </details>
    </section>
  );
}

function Notice() {
  if (notice.value !== null) return <Note role="alert" testid="notice" text={notice.value} close={() => (notice.value = null)} />;
  return origin.value === null ? null : <Note role="status" testid="origin" text={origin.value} close={dismissOrigin} />;
}

function Note({ role, testid, text, close }: { role: "alert" | "status"; testid: string; text: string; close: () => void }) {
  return (
    <div class="notice" role={role} data-testid={testid}>
      <p>{text}</p>
      <button type="button" class="bare" aria-label="Close" onClick={close}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Says to those who listen what a run has come to. */
function Spoken() {
  const metrics = sideA.run.value?.summary.metrics;
  const text = sideA.running.value || !metrics
    ? ""
    : `Run finished: ${percent(metrics.stale_read_pct.value)} percent of reads stale, ${percent(metrics.write_success_rate.rate * 100)} percent of writes acknowledged, reads within ${latency(metrics.quorum_read_latency_ms.p99)} milliseconds at the 99th percentile.`;
  return (
    <p class="sr" aria-live="polite" data-testid="spoken">
      {text}
    </p>
  );
}
