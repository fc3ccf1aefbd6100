import type { Trial } from '@foothold/core';
import { bestTrial } from '@foothold/study';
import { useMemo, useState } from 'preact/hooks';
import { Message } from '../components/states.tsx';
import { TrialsTable } from '../components/trials-table.tsx';
import { searchText, trialColumns } from '../study/trial-columns.ts';
import { keptTrials } from '../study/trial-filters.ts';
import { counted } from '../text.ts';
import type { ViewProps } from './view-props.ts';

const states = ['complete', 'running', 'pruned', 'failed'] as const;
type State = (typeof states)[number];

/** All trials as a table. */
export function TrialsView({ study }: ViewProps) {
  const version = study.version.value;
  const filters = study.filters.value;
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<ReadonlySet<State>>(new Set(states));
  const { trials, goal } = study.state;
  const kept = useMemo(() => {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return keptTrials(trials, filters).filter((trial) => shown.has(trial.state) && matches(trial, words));
  }, [version, filters, query, shown]);
  const columns = useMemo(() => trialColumns(study), [version]);
  const best = useMemo(() => bestTrial(trials, goal!)?.number, [version]);
  const toggle = (state: State) => {
    const next = new Set(shown);
    if (!next.delete(state)) next.add(state);
    setShown(next);
  };
  if (trials.length === 0)
    return (
      <Message title="No trials yet">
        <p>They appear here as soon as a program asks for one.</p>
      </Message>
    );
  return (
    <section class="trials-view" aria-label="Trials">
      <div class="table-tools">
        <label class="search">
          <span class="hidden-label">Search trials</span>
          <input
            type="search"
            placeholder="Search parameters, notes, reasons"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </label>
        <fieldset class="choice" aria-label="States">
          {states.map((state) => (
            <button key={state} type="button" aria-pressed={shown.has(state)} onClick={() => toggle(state)}>
              {state}
            </button>
          ))}
        </fieldset>
        <p class="muted" role="status">
          {kept.length === trials.length
            ? counted(trials.length, 'trial')
            : `${kept.length.toLocaleString('en')} of ${counted(trials.length, 'trial')}`}
        </p>
      </div>
      <TrialsTable study={study.name} trials={kept} columns={columns} best={best} />
    </section>
  );
}

function matches(trial: Trial, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchText(trial);
  return words.every((word) => text.includes(word));
}
