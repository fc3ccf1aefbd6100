import type { Beliefs } from '@foothold/study-model';
import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { counted, shownValue } from '../text.ts';
import { pointAt } from './chosen-point.ts';
import { closeNumbers } from './close-numbers.ts';
import type { NextSuggestion, NextSuggestions } from './next-suggestions.ts';
import { percentText } from './point-belief.tsx';
import { readLog } from './read-log.ts';
import { useAnswer } from './use-answer.ts';
import type { WhatIfProps } from './what-if-props.ts';

/** How many trials are suggested at a time. */
const many = 5;

type Found =
  | { readonly state: 'none' | 'working' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'found'; readonly next: NextSuggestions; readonly length: number };

/** What the study's sampler would give next, computed on a copy of the log. */
export function SuggestionsPart(props: WhatIfProps) {
  const { study, client } = props;
  const [found, setFound] = useState<Found>({ state: 'none' });
  const suggest = async () => {
    setFound({ state: 'working' });
    try {
      const log = await readLog(source.value!, study.name);
      setFound({ state: 'found', next: await client.suggest(log, many), length: log.length });
    } catch (error) {
      setFound({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section class="suggestions" aria-label="Next suggestions">
      <div class="suggestions-head">
        <button type="button" disabled={found.state === 'working'} onClick={() => void suggest()}>
          Suggest the next five
        </button>
        <p class="muted" role="status">
          {statusText(found, study.state.length)}
        </p>
      </div>
      {found.state === 'failed' && <p class="fault">There are no suggestions: {found.message}</p>}
      {found.state === 'found' && <SuggestionTable {...props} next={found.next} />}
    </section>
  );
}

function statusText(found: Found, length: number): string {
  switch (found.state) {
    case 'none':
      return 'What the study’s sampler would ask for next. Nothing is run or written.';
    case 'working':
      return 'The sampler chooses …';
    case 'failed':
      return '';
    case 'found': {
      const { sampler, withoutSources } = found.next;
      const without =
        withoutSources > 0
          ? `, without its ${counted(withoutSources, 'earlier study', 'earlier studies')}, which the log does not hold`
          : '';
      const later = length > found.length ? ' The study has gone on since.' : '';
      return `By the sampler ${sampler}${without}; nothing was written.${later}`;
    }
  }
}

const origins: Readonly<Record<NextSuggestion['from'], string>> = {
  queue: 'enqueued',
  again: 'asked again',
  sampler: 'new',
};

function SuggestionTable({
  next,
  space,
  client,
  model,
  objective,
  onPoint,
}: WhatIfProps & { readonly next: NextSuggestions }) {
  const { suggestions } = next;
  const { value: beliefs } = useAnswer(
    () => client.believe(suggestions.map(({ params }) => params)),
    [client, model.version, suggestions],
  );
  const texts = beliefs && suggestions.map((_, i) => beliefTexts(beliefs, i));
  const names = space.columns.map(({ name }) => name);
  return (
    <section class="table-scroll" aria-label="Suggested trials" tabIndex={0}>
      <table class="suggestion-table">
        <thead>
          <tr>
            <th scope="col">Trial</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            <th scope="col">Expected {objective.title}</th>
            <th scope="col">90 % between</th>
            <th scope="col">Beats the best</th>
            <th scope="col">
              <span class="hidden-label">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {suggestions.map(({ number, params, from }, i) => (
            <tr key={number}>
              <th scope="row">
                {number} <span class="muted">{origins[from]}</span>
              </th>
              {names.map((name) => (
                <td key={name}>{shownValue(params[name])}</td>
              ))}
              <td>{texts?.[i]?.mean ?? '…'}</td>
              <td>{texts?.[i]?.interval ?? '…'}</td>
              <td>{texts?.[i]?.better ?? '…'}</td>
              <td>
                <button type="button" onClick={() => onPoint(pointAt(space, params))}>
                  Look at {number}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function beliefTexts({ mean, low, high, better }: Beliefs, i: number) {
  const text = closeNumbers([low[i]!, high[i]!], high[i]! - low[i]!);
  return {
    mean: text(mean[i]!),
    interval: `${text(low[i]!)} – ${text(high[i]!)}`,
    better: percentText(better[i]!),
  };
}
