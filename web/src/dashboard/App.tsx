// SPDX-License-Identifier: Apache-2.0
import { palette, nextTheme } from "../state/theme";
import { Brand } from "../ui/Brand";
import { Icon } from "../ui/icon";
import { Keys } from "../ui/Keys";
import { Clients } from "./Clients";
import { DebtSection } from "./Debt";
import { Events } from "./Events";
import { Detail, Figure } from "./Figure";
import { clock } from "./format";
import { Inspector } from "./Inspector";
import { helping, keys } from "./keyboard";
import { isLost, link, silence, state } from "./live";
import { Nodes } from "./Nodes";
import { Partitions } from "./Partitions";
import { Sight } from "./Sight";
import { Verdict } from "./Verdict";

export function App() {
  const now = state.value;
  return (
    <>
      <Head />
      {now ? (
        <main class={`board${isLost.value ? " old" : ""}`}>
          <Verdict now={now} />
          <Partitions now={now} />
          <Sight now={now} />
          <Clients now={now} />
          <DebtSection now={now} />
          <Nodes now={now} />
          <Events now={now} />
          <Inspector />
        </main>
      ) : (
        <p class="opening" data-testid="opening">
          {link.value === "lost" ? "This node does not answer. It is asked again every few seconds." : "Asking the nodes how they stand…"}
        </p>
      )}
      <Detail />
      <Keys open={helping} keys={keys}>
        The page shows what one node has gathered from the others, once a second. GET /dashboard is the same as JSON.
      </Keys>
    </>
  );
}

function Head() {
  const now = state.value;
  return (
    <header class="head">
      <Brand page="Cluster" />
      <p class="asked">
        {now && (
          <>
            <span>
              as <b>{now.asked}</b> sees it
            </span>
            <Figure id="told" testid="told">
              {now.told} of {now.members} nodes tell
            </Figure>
          </>
        )}
      </p>
      <nav class="actions" aria-label="Actions">
        <Live />
        <a class="button" href="/lab" data-testid="to-lab">
          The Lab
        </a>
        <button type="button" class="bare" data-testid="theme" aria-label={palette.value.dark ? "Light colours" : "Dark colours"} onClick={nextTheme}>
          <Icon name={palette.value.dark ? "sun" : "moon"} />
        </button>
        <button type="button" class="bare" data-testid="help-open" aria-label="Keys" onClick={() => (helping.value = !helping.value)}>
          ?
        </button>
      </nav>
    </header>
  );
}

function Live() {
  const now = state.value;
  const text =
    link.value === "lost" && now
      ? `no answer for ${silence.value} s; this is of ${clock(now.at_ms)}`
      : link.value === "asked"
        ? "asked every 5 s: its streams are taken"
        : link.value === "streams"
          ? "live"
          : "opening";
  return (
    <span class={`live live-${link.value}`} data-testid="live" role="status">
      <i /> {text}
    </span>
  );
}
