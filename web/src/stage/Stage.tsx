// SPDX-License-Identifier: Apache-2.0
import { at } from "../state/clock";
import { focusKey, tab, type Tab } from "../state/focus";
import { activeSide, comparing, sides } from "../state/runs";
import { ownerColour, palette } from "../state/theme";
import { seconds } from "../ui/format";
import { Icon } from "../ui/icon";
import { Copies } from "./Copies";
import { Message } from "./Message";
import { Operation } from "./Operation";
import { RealRun } from "./RealRun";
import { Ring } from "./Ring";
import { colourOf, markPath, purposes } from "./shapes";

const tabs: [Tab, string][] = [
  ["ring", "Ring"],
  ["operation", "Operation"],
  ["copies", "Copies"],
];

/** The middle of the page: the ring, one operation, or all copies; two rings when two are compared. */
export function Stage() {
  const real = sides.value.every((side) => side.leftOut.value !== null);
  return (
    <section class="stage" data-testid="stage" aria-label="Stage">
      {!real && <Bar />}
      <div class={`stage-place${comparing.value ? " two" : ""}`}>
        {sides.value.map((side) => (
          <div class="stage-one" key={side.name}>
            {comparing.value && <span class={`badge badge-${side.name}`}>{side.name.toUpperCase()}</span>}
            {side.leftOut.value !== null ? (
              <RealRun side={side} />
            ) : (
              <>
                {tab.value === "ring" && <Ring side={side} />}
                {tab.value === "operation" && <Operation side={side} />}
                {tab.value === "copies" && <Copies side={side} />}
                <Message side={side} />
              </>
            )}
          </div>
        ))}
      </div>
      {!real && tab.value === "ring" && <Legend />}
      {!real && tab.value === "copies" && (
        <p class="legend quiet">
          One colour and number for each version. Hatched: lacks the newest write. Dashed: held for another node.
        </p>
      )}
      {!real && tab.value === "operation" && <p class="legend quiet">Time runs to the right. Each line is a node, each arrow a message.</p>}
    </section>
  );
}

function Bar() {
  return (
    <div class="stage-bar">
      <div class="tabs" role="tablist" aria-label="What the stage shows">
        {tabs.map(([name, label]) => (
          <button type="button" role="tab" key={name} aria-selected={tab.value === name} data-testid={`tab-${name}`} onClick={() => (tab.value = name)}>
            {label}
          </button>
        ))}
      </div>
      <ActiveFaults />
      <KeyPicker />
    </div>
  );
}

/** What is broken at this moment. */
function ActiveFaults() {
  const faults = activeSide.value.run.value?.summary.faults ?? [];
  const now = faults.filter((one) => at.value >= one.from && at.value < Math.max(one.to, one.from + 1));
  return (
    <div class="active-faults" data-testid="active-faults">
      {now.map((one) => (
        <span class="fault-chip" key={one.text + one.from}>
          {one.text}
          <small> until {seconds(one.to)}</small>
        </span>
      ))}
    </div>
  );
}

function KeyPicker() {
  const keys = activeSide.value.run.value?.summary.keys ?? [];
  return (
    <label class="key-picker">
      <span>Key</span>
      <span class="select">
        <select data-testid="key" aria-label="Key in focus" value={String(focusKey.value)} onChange={(event) => (focusKey.value = Number(event.currentTarget.value))}>
          {keys.map((key, index) => (
            <option key={key} value={String(index)} selected={index === focusKey.value}>
              {key}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </label>
  );
}

function Legend() {
  const colours = palette.value;
  return (
    <ul class="legend" aria-label="What the marks mean">
      {purposes.map(({ purpose, label }) => (
        <li key={purpose}>
          <svg viewBox="-7 -7 14 14" aria-hidden="true">
            <path d={markPath(purpose, 5)} fill={colourOf(purpose, colours)} />
          </svg>
          {label}
        </li>
      ))}
      <li>
        <svg viewBox="-7 -7 14 14" aria-hidden="true">
          <path d="M-4-4L4 4M4-4L-4 4" stroke={colours.fail} stroke-width="2" />
        </svg>
        lost
      </li>
      <li>
        <svg viewBox="-7 -7 14 14" aria-hidden="true">
          <path d="M-6 4A9 9 0 0 1 6 4" fill="none" stroke={ownerColour(0, colours.dark)} stroke-width="3" />
        </svg>
        partition, with its first owner
      </li>
      <li>
        <svg viewBox="-7 -7 14 14" aria-hidden="true">
          <path d="M-5-4H5M-5 0H5M-5 4H5" stroke={colours.ink2} stroke-width="2" />
        </svg>
        requests waiting
      </li>
    </ul>
  );
}
