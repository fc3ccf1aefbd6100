import type { Trial } from '@foothold/core';
import { useMemo, useState } from 'preact/hooks';
import { Message } from '../components/states.tsx';
import { TrialsTable } from '../components/trials-table.tsx';
import { searchText, trialColumns } from '../study/trial-columns.ts';
import { keptTrials } from '../study/trial-filters.ts';
import { undeleted } from '../study/undeleted.ts';
import { counted } from '../text.ts';
import type { ViewProps } from './view-props.ts';

const states = ['complete', 'running', 'pruned', 'failed', 'deleted'] as const;
type State = (typeof states)[number];

/** All trials as a table; deleted ones where a person asks for them. */
export function TrialsView({ study }: ViewProps) {
  const version = study.version.value;
  const filters = study.filters.value;
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<ReadonlySet<State>>(
    new Set(states.filter((state) => state !== 'deleted')),
  );
  const { trials, deleted, count } = study.state;
  const kept = useMemo(() => {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const listed = keptTrials(trials, filters).filter((trial) => shown.has(trial.state));
    const others = shown.has('deleted') ? keptTrials([...deleted.values()].map(undeleted), filters) : [];
    return [...listed, ...others].filter((trial) => matches(trial, words));
  }, [version, filters, query, shown]);
  const columns = useMemo(() => trialColumns(study), [version]);
  const best = study.best.value?.number;
  const total = trials.length + (shown.has('deleted') ? deleted.size : 0);
  if (count === 0)
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
        <StateChoice shown={shown} isAnyDeleted={deleted.size > 0} onChange={setShown} />
        <p class="muted" role="status">
          {kept.length === total
            ? counted(total, 'trial')
            : `${kept.length.toLocaleString('en')} of ${counted(total, 'trial')}`}
        </p>
      </div>
      <TrialsTable study={study.name} trials={kept} columns={columns} best={best} />
    </section>
  );
}

interface StateChoiceProps {
  readonly shown: ReadonlySet<State>;
  readonly isAnyDeleted: boolean;
  readonly onChange: (shown: ReadonlySet<State>) => void;
}

function StateChoice({ shown, isAnyDeleted, onChange }: StateChoiceProps) {
  const toggle = (state: State) => {
    const next = new Set(shown);
    if (!next.delete(state)) next.add(state);
    onChange(next);
  };
  return (
    <fieldset class="choice" aria-label="States">
      {states
        .filter((state) => state !== 'deleted' || isAnyDeleted)
        .map((state) => (
          <button key={state} type="button" aria-pressed={shown.has(state)} onClick={() => toggle(state)}>
            {state}
          </button>
        ))}
    </fieldset>
  );
}

function matches(trial: Trial, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchText(trial);
  return words.every((word) => text.includes(word));
}
