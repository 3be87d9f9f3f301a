// SPDX-License-Identifier: Apache-2.0
import "../style/colours.css";
import "../style/page.css";
import "../style/dashboard.css";
import { render } from "preact";
import { App } from "./App";
import { listen } from "./keyboard";
import { follow, hour, link, state } from "./live";

render(<App />, document.getElementById("dashboard")!);
listen();
follow();

/** What the page holds, for tests. */
(window as unknown as { __dashboard: unknown }).__dashboard = { state: () => ({ link: link.peek(), state: state.peek(), hour: hour.peek() }) };
