import { shortNumber } from '@foothold/viz';
import { useMemo, useState } from 'preact/hooks';
import { whenText } from '../present-time.ts';
import { addressOf } from '../route.ts';
import type { ListedStudy } from '../sources/study-source.ts';
import { counted } from '../text.ts';
import { Badge } from './badge.tsx';
import { SortButton, type Sorting } from './sort-button.tsx';
import { Sparkline } from './sparkline.tsx';

const columns = [
  ['name', 'Study'],
  ['activity', 'State'],
  ['best', 'Best'],
  ['trials', 'Trials'],
  ['changed', 'Changed'],
] as const;
type Column = (typeof columns)[number][0];

interface StudiesTableProps {
  readonly studies: readonly ListedStudy[];
  /** Those that are compared, and what changes them; absent where none can be chosen. */
  readonly choice?: StudyChoice;
}

interface StudyChoice {
  readonly chosen: ReadonlySet<string>;
  choose(name: string, isChosen: boolean): void;
}

/** A row a study; on a phone the cells of a row stand below each other. */
export function StudiesTable({ studies, choice }: StudiesTableProps) {
  const [sorting, setSorting] = useState<Sorting<Column>>({ by: 'changed', isDescending: true });
  const rows = useMemo(() => sorted(studies, sorting), [studies, sorting]);
  return (
    <div class="card table-card">
      <table class="studies">
        <thead>
          <tr>
            {choice ? (
              <th scope="col">
                <span class="hidden-label">Compare</span>
              </th>
            ) : (
              <td />
            )}
            {columns.map(([id, text]) => (
              <SortButton key={id} id={id} text={text} sorting={sorting} onChange={setSorting} />
            ))}
            <th scope="col">Best so far</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((study) => (
            <StudyRow key={study.name} study={study} choice={choice} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StudyRow({
  study,
  choice,
}: {
  readonly study: ListedStudy;
  readonly choice: StudyChoice | undefined;
}) {
  const { name, unreadable, activity, best, front, changedAt, bestValues = [] } = study;
  const link = <a href={addressOf.study(name)}>{name}</a>;
  if (unreadable !== undefined)
    return (
      <tr>
        <td />
        <td class="study-name">{name}</td>
        <td colSpan={5} class="fault">
          Its log cannot be read: {unreadable}
        </td>
      </tr>
    );
  return (
    <tr>
      <td class="check">
        {choice && (
          <input
            type="checkbox"
            aria-label={`Compare ${name}`}
            checked={choice.chosen.has(name)}
            onChange={(event) => choice.choose(name, event.currentTarget.checked)}
          />
        )}
      </td>
      <td class="study-name">{link}</td>
      <td>{activity && <Badge state={activity} />}</td>
      <td class="number">
        {best ? shortNumber(best.value) : '–'}
        {front !== undefined && <span class="muted"> · front of {front}</span>}
      </td>
      <td>
        <Progress counts={study.counts} />
      </td>
      <td class="muted">{changedAt === undefined ? '–' : whenText(changedAt)}</td>
      <td class="spark">
        <Sparkline
          values={bestValues}
          label={
            bestValues.length > 1
              ? `Best value so far, from ${shortNumber(bestValues[0]!)} to ${shortNumber(bestValues.at(-1)!)}`
              : ''
          }
        />
      </td>
    </tr>
  );
}

const states = ['complete', 'pruned', 'failed', 'running'] as const;

/** Numbers of trials as a bar of parts and a text. */
function Progress({ counts }: { readonly counts: ListedStudy['counts'] }) {
  if (!counts) return <span class="muted">–</span>;
  const all = states.reduce((sum, state) => sum + counts[state], 0);
  const parts = states
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state].toLocaleString('en')} ${state}`);
  return (
    <span class="progress" title={parts.join(', ')}>
      <span class="progress-text">{counted(all, 'trial')}</span>
      <span class="progress-bar" role="img" aria-label={parts.join(', ') || 'no trials'}>
        {states.map(
          (state) =>
            counts[state] > 0 && <span key={state} data-state={state} style={{ flexGrow: counts[state] }} />,
        )}
      </span>
    </span>
  );
}

function sorted(
  studies: readonly ListedStudy[],
  { by, isDescending }: Sorting<Column>,
): readonly ListedStudy[] {
  const key = (study: ListedStudy): string | number => {
    switch (by) {
      case 'name':
        return study.name;
      case 'activity':
        return study.activity ?? '';
      case 'best':
        return study.best?.value ?? Infinity;
      case 'trials':
        return states.reduce((sum, state) => sum + (study.counts?.[state] ?? 0), 0);
      case 'changed':
        return study.changedAt ?? 0;
    }
  };
  const sign = isDescending ? -1 : 1;
  return [...studies].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const order = typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : x - Number(y);
    return sign * order || a.name.localeCompare(b.name);
  });
}
