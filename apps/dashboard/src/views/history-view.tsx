import type { StudyEvent } from '@foothold/core';
import { Card } from '../components/card.tsx';
import { Facts } from '../components/facts.tsx';
import type { HistoryEntry } from '../study/history-fold.ts';
import { cutText, momentText, shownValue } from '../text.ts';
import type { ViewProps } from './view-props.ts';

/** Entries that are shown at most, the newest ones. */
const maxEntries = 300;

/** What the study is, what waits in its queue, and what was written about it when. */
export function HistoryView({ study }: ViewProps) {
  study.version.value;
  const { state, history } = study;
  const shown = history.entries.slice(-maxEntries).reverse();
  return (
    <div class="grid">
      <Card title="The study" class="half">
        {state.note !== undefined && <p class="note">{state.note}</p>}
        <Facts facts={studyFacts(study)} />
      </Card>
      <Card title="Space" class="half">
        <Facts
          facts={Object.entries(state.space ?? {}).map(([name, description]) => [
            name,
            domainText(description),
          ])}
        />
      </Card>
      {state.queue.length > 0 && (
        <Card title={`Waiting in the queue: ${state.queue.length}`}>
          <ol class="sentences">
            {state.queue.slice(0, 20).map((params) => (
              <li key={JSON.stringify(params)}>{paramsText(params)}</li>
            ))}
          </ol>
        </Card>
      )}
      <Card
        title="What was written"
        note={
          history.entries.length > maxEntries
            ? `The newest ${maxEntries} of ${history.entries.length}.`
            : undefined
        }
      >
        <ol class="history">
          {shown.map((entry) => (
            <Entry key={entry.position} entry={entry} />
          ))}
        </ol>
      </Card>
    </div>
  );
}

function studyFacts({ state }: ViewProps['study']): readonly (readonly [string, string])[] {
  const { goal, created, configured, facts, attributes } = state;
  const objectives = goal?.objectives?.map(({ metric, direction }) => `${direction} ${metric}`).join(', ');
  const limits = goal?.constraints
    ?.map((one) => `${one.metric} ${'atMost' in one ? `at most ${one.atMost}` : `at least ${one.atLeast}`}`)
    .join(', ');
  const listed: (readonly [string, unknown])[] = [
    ['goal', objectives ?? goal?.direction],
    ['limits', limits],
    ['cost', goal?.cost],
    ['seed', created?.seed === undefined ? undefined : String(created.seed)],
    ['sampler', samplerName(configured?.sampler)],
    ...samplerOptions(configured?.sampler),
    ['program', configured?.program],
    ...Object.entries(facts ?? {}),
    ...Object.entries(attributes ?? {}),
  ];
  return listed.filter(([, value]) => value !== undefined).map(([name, value]) => [name, shownValue(value)]);
}

/** The members of a record; none of anything else. */
function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function samplerName(sampler: unknown): string | undefined {
  const name = new Map(membersOf(sampler)).get('name');
  return typeof name === 'string' ? `the sampler ${name}` : undefined;
}

/** What else is known of the sampler: its options, and the number of planned trials. */
function samplerOptions(sampler: unknown): readonly (readonly [string, unknown])[] {
  const members = new Map(membersOf(sampler));
  return [...membersOf(members.get('options')), ['planned trials', members.get('plannedTrials')]];
}

function domainText(description: unknown): string {
  const { type, low, high, log, choices, ...others } = description as {
    type?: string;
    low?: number;
    high?: number;
    log?: boolean;
    choices?: readonly unknown[];
  };
  const more = Object.keys(others).length > 0 ? ` ${JSON.stringify(others)}` : '';
  if (choices) return cutText(`${type}: ${choices.map(String).join(', ')}${more}`);
  if (low === undefined) return cutText(JSON.stringify(description));
  return `${type} from ${shownValue(low)} to ${shownValue(high)}${log ? ', logarithmic' : ''}${more}`;
}

function Entry({ entry: { event } }: { readonly entry: HistoryEntry }) {
  return (
    <li>
      <time class="muted">{event.at === undefined ? '' : momentText(event.at)}</time>
      <span>{cutText(eventText(event))}</span>
    </li>
  );
}

function eventText(event: StudyEvent): string {
  switch (event.type) {
    case 'created':
      return 'The study was made.';
    case 'edited':
      return `Edited: ${[event.space && 'another space', event.goal && 'another goal', event.values && `earlier trials have ${paramsText(event.values)}`].filter(Boolean).join(', ')}.`;
    case 'noted': {
      const of = event.number === undefined ? 'The study' : `Trial ${event.number}`;
      const attributes = Object.entries(event.attributes ?? {}).map(
        ([name, value]) => `${name} = ${shownValue(value)}`,
      );
      return `${of}: ${[...(event.note === undefined ? [] : [event.note]), ...attributes].join('; ')}`;
    }
    case 'enqueued':
      return `Enqueued: ${paramsText(event.params)}`;
    case 'dequeued':
      return `Taken from the queue: ${paramsText(event.params)} (${event.reason})`;
    case 'described':
      return `How trials are evaluated: ${paramsText(event.facts)}`;
    case 'configured':
      return `Suggestions are made by ${samplerName(event.sampler) ?? 'a sampler without a name'}${event.program === undefined ? '' : ` of ${event.program}`}.`;
    case 'reopened':
      return `Trial ${event.number} runs again.`;
    case 'deleted':
      return `Trial ${event.number} was deleted: it counts nowhere.`;
    case 'restored':
      return `Trial ${event.number} was restored.`;
    default:
      return event.type;
  }
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} = ${shownValue(value)}`)
    .join(', ');
}
