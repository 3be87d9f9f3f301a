// SPDX-License-Identifier: Apache-2.0
import { helping } from "../state/focus";
import { keys } from "../state/keyboard";
import { Icon } from "./icon";

export function Help() {
  if (!helping.value) return null;
  return (
    <dialog class="sheet" open aria-label="Keys" data-testid="help">
      <header>
        <h2>Keys</h2>
        <button type="button" class="bare" aria-label="Close" onClick={() => (helping.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        What you see is Coterie's own code, run in virtual time on a simulated network and disk. Nothing on this page
        is a model of it, except the curves that are called a model.
      </p>
    </dialog>
  );
}
