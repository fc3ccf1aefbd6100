import type { TuningSettings } from '../tuning/tuning-messages.ts';
import { change, workspace } from '../workspace/workspace.ts';
import { NumberField } from './number-field.tsx';

/** Whether a program seems to export `small`: only running it says so for sure. */
const small = /\bexport\s+(?:async\s+)?(?:function|const)\s+small\b/;

/** What is set beside the program. */
export function SettingsForm() {
  const { name, code, settings } = workspace.value;
  const set = (part: Partial<TuningSettings>) => change({ settings: { ...settings, ...part } });
  const hasSmall = small.test(code);
  return (
    <form class="settings" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <label class="field study-field">
        Study
        <input
          type="text"
          spellcheck={false}
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value.trim() || name })}
        />
      </label>
      <label class="field">
        Direction
        <select
          value={settings.direction}
          onChange={(event) =>
            set({ direction: event.currentTarget.value === 'maximize' ? 'maximize' : 'minimize' })
          }
        >
          <option value="minimize">minimize</option>
          <option value="maximize">maximize</option>
        </select>
      </label>
      {hasSmall && (
        <NumberField
          label="Small trials"
          min={1}
          value={settings.smallTrials}
          onChange={(smallTrials) => set({ smallTrials })}
        />
      )}
      <NumberField label="Trials" min={1} value={settings.trials} onChange={(trials) => set({ trials })} />
      <NumberField label="Seed" min={0} value={settings.seed} onChange={(seed) => set({ seed })} />
      <NumberField
        label="Seconds a trial"
        min={0}
        value={settings.seconds}
        onChange={(seconds) => set({ seconds })}
      />
      {!hasSmall && (
        <label class="check-label">
          <input
            type="checkbox"
            checked={settings.prunes}
            onChange={(event) => set({ prunes: event.currentTarget.checked })}
          />
          End trials whose reports are below the median
        </label>
      )}
      <p class="muted">0 seconds: no limit. A study with these settings goes on where it stands.</p>
    </form>
  );
}
