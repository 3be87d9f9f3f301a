// SPDX-License-Identifier: Apache-2.0
import "./style/colours.css";
import "./style/page.css";
import "./style/controls.css";
import "./style/stage.css";
import "./style/results.css";
import "./style/planner.css";
import "./style/phone.css";
import { render } from "preact";
import { boot } from "./state/actions";
import { tick } from "./state/clock";
import { listen } from "./state/keyboard";
import { expose } from "./state/exposed";
import { App } from "./ui/App";

render(<App />, document.getElementById("lab")!);
listen();
expose();
void boot();

let last = performance.now();
function frame(now: number) {
  tick(now - last);
  last = now;
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
