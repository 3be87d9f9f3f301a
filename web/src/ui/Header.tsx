// SPDX-License-Identifier: Apache-2.0
import { ClusterButton, RunButton } from "../controls/Controls";
import { Select } from "../controls/inputs";
import { chooseTemplate, compare } from "../state/actions";
import { catalogue } from "../state/catalogue";
import { helping, planned, sharing, touring } from "../state/focus";
import { comparing, sideA, sides, template } from "../state/runs";
import { nextTheme, palette, readOnly } from "../state/theme";
import { Brand } from "./Brand";
import { ClusterLink } from "./ClusterLink";
import { Icon } from "./icon";

export function Header() {
  const { templates } = catalogue.value;
  const phone = readOnly.value;
  const tours = (template.value?.tour?.length ?? 0) > 0;
  return (
    <header class="head">
      <Brand page="Lab" />
      <div class="template">
        <Select label="Template" testid="template" value={sideA.settings.value.template} options={templates.map((one) => [one.id, one.title])} onPick={chooseTemplate} />
        <p class="question" data-testid="question" title={template.value?.teaches}>
          {template.value?.question}
        </p>
      </div>
      <nav class="actions" aria-label="Actions">
        <ClusterLink />
        {!phone && (
          <>
            {tours && (
              <button type="button" data-testid="tour-start" aria-pressed={touring.value !== null} onClick={() => (touring.value = touring.value === null ? 0 : null)}>
                <Icon name="compass" /> <span>Tour</span>
              </button>
            )}
            <button type="button" data-testid="compare" aria-pressed={comparing.value} onClick={() => compare(!comparing.value)}>
              <Icon name="columns" /> <span>Compare</span>
            </button>
          </>
        )}
        <button type="button" data-testid="plan-open" aria-pressed={planned.value} onClick={() => (planned.value = !planned.value)}>
          <Icon name="target" /> <span>Plan</span>
        </button>
        <button type="button" data-testid="share-open" aria-pressed={sharing.value} onClick={() => (sharing.value = !sharing.value)}>
          <Icon name="link" /> <span>Share</span>
        </button>
        <button type="button" class="bare" data-testid="theme" aria-label={palette.value.dark ? "Light colours" : "Dark colours"} onClick={nextTheme}>
          <Icon name={palette.value.dark ? "sun" : "moon"} />
        </button>
        {!phone && (
          <>
            <button type="button" class="bare" data-testid="help-open" aria-label="Keys" onClick={() => (helping.value = !helping.value)}>
              ?
            </button>
            <ClusterButton />
            <RunButton />
          </>
        )}
      </nav>
      <div class="running" role="progressbar" aria-label="Run" aria-hidden={share() === 0} style={{ transform: `scaleX(${share()})` }} />
    </header>
  );
}

function share(): number {
  const under = sides.value.map((side) => side.progress.value).filter((one) => one !== null);
  return under.length === 0 ? 0 : Math.max(0.02, Math.min(...under.map(({ at, of }) => at / Math.max(1, of))));
}
