import { rankedTrials, type Trial } from '@foothold/core';
import { comparableTrials } from '@foothold/study';
import { learningCurves, parameterAxes } from '@foothold/viz';
import { useEffect, useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Badge } from '../components/badge.tsx';
import { BreakableName } from '../components/breakable-name.tsx';
import { Card } from '../components/card.tsx';
import { Facts } from '../components/facts.tsx';
import { Message } from '../components/states.tsx';
import { TrialActions } from '../components/trial-actions.tsx';
import { TrialOutput } from '../components/trial-output.tsx';
import { addressOf, goTo } from '../route.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { shownObjectives } from '../study/objectives.ts';
import { undeleted } from '../study/undeleted.ts';
import { cutText, durationOf, durationText, momentText, shortWorker, shownValue } from '../text.ts';
import { whySentences } from '../trial/why-text.ts';

/** The attribute under which programs keep the last lines that they printed. */
const outputAttribute = 'output';

/** One trial: what it was, why, and what came out. */
export function TrialPage({ study, number }: { readonly study: LiveStudy; readonly number: number }) {
  const version = study.version.value;
  const deleted = study.state.deleted.get(number);
  const trial = study.state.trial(number) ?? (deleted && undeleted(deleted));
  useArrowKeys(study, number);
  const rank = useMemo(() => rankOf(study, number), [version, number]);
  if (!trial)
    return (
      <Message title={`There is no trial ${number} yet`}>
        <p>
          <a href={addressOf.study(study.name, 'trials')}>All trials</a>
        </p>
      </Message>
    );
  const output = trial.attributes?.[outputAttribute];
  const { [outputAttribute]: _, ...attributes } = trial.attributes ?? {};
  return (
    <div class="grid">
      <Head study={study} trial={trial} rank={rank} isDeleted={deleted !== undefined} />
      {deleted && (
        <p class="deleted-line">
          This trial is deleted: it counts nowhere, and the log keeps it
          {deleted.outcome ? '.' : ', with what its worker tells.'}
        </p>
      )}
      {trial.state === 'failed' && (
        <Card title="Why it failed" class="fault-card">
          <pre class="output">{trial.reason}</pre>
        </Card>
      )}
      <Card title="Why these parameters">
        <ul class="sentences">
          {whySentences(trial, study.history.queued.has(number)).map((sentence) => (
            <li key={sentence}>{cutText(sentence)}</li>
          ))}
        </ul>
      </Card>
      <Card title="Parameters" class="half">
        <Params study={study} trial={trial} />
      </Card>
      <Card title="Outcome" class="half">
        <Facts facts={outcomeFacts(study, trial)} />
      </Card>
      {trial.reports.length > 0 && <Reports study={study} trial={trial} />}
      {(trial.note !== undefined || Object.keys(attributes).length > 0) && (
        <Card title="Note and attributes">
          {trial.note !== undefined && <p class="note">{trial.note}</p>}
          <Facts facts={Object.entries(attributes).map(([name, value]) => [name, shownValue(value)])} />
        </Card>
      )}
      <TrialOutput study={study} number={number} attribute={output} />
    </div>
  );
}

function Head({
  study,
  trial,
  rank,
  isDeleted,
}: {
  readonly study: LiveStudy;
  readonly trial: Trial;
  readonly rank: string | undefined;
  readonly isDeleted: boolean;
}) {
  const { number } = trial;
  const [before, after] = [besideOf(study, number, -1), besideOf(study, number, 1)];
  return (
    <div class="page-head trial-head">
      <h2>Trial {number}</h2>
      <Badge state={isDeleted ? 'deleted' : trial.state} />
      {rank !== undefined && <span class="muted">{rank}</span>}
      <div class="tools">
        {before !== undefined && <a href={addressOf.trial(study.name, before)}>← Trial {before}</a>}
        {after !== undefined && <a href={addressOf.trial(study.name, after)}>Trial {after} →</a>}
        <TrialActions study={study} trial={trial} />
      </div>
    </div>
  );
}

/** Each value with its position in the range that the space has. */
function Params({ study, trial }: { readonly study: LiveStudy; readonly trial: Trial }) {
  const axes = parameterAxes([trial], study.state.space);
  return (
    <table class="params">
      <tbody>
        {axes
          .filter(({ name }) => trial.params[name] !== undefined)
          .map((axis) => {
            const at = axis.position(trial.params[axis.name]);
            return (
              <tr key={axis.name}>
                <th scope="row">
                  <BreakableName name={axis.name} />
                </th>
                <td class="number">{shownValue(trial.params[axis.name])}</td>
                <td class="place" aria-hidden="true">
                  {at !== undefined && (
                    <span class="track">
                      <span class="thumb" style={{ left: `${100 * Math.min(Math.max(at, 0), 1)}%` }} />
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}

function outcomeFacts({ state, history }: LiveStudy, trial: Trial): readonly (readonly [string, string])[] {
  const [objective] = shownObjectives(state.goal!, state.facts);
  const duration = durationOf(trial);
  const worker = history.spans.findLast(({ number }) => number === trial.number)?.worker;
  const figures: (readonly [string, string])[] =
    trial.state === 'complete'
      ? [
          [objective!.metric === 'value' ? objective!.title : 'value', String(trial.value)],
          ...(trial.standardError === undefined
            ? []
            : [['standard error', String(trial.standardError)] as const]),
          ...Object.entries(trial.metrics ?? {}).map(([name, value]) => [name, String(value)] as const),
        ]
      : [['state', trial.state]];
  return [
    ...figures,
    ...(trial.startedAt === undefined ? [] : [['began', momentText(trial.startedAt)] as const]),
    ...(duration === undefined ? [] : [['took', durationText(duration)] as const]),
    ...(worker === undefined ? [] : [['worker', cutText(shortWorker(worker))] as const]),
    ...(trial.outside === undefined ? [] : [['outside of the present space', trial.outside] as const]),
  ];
}

function Reports({ study, trial }: { readonly study: LiveStudy; readonly trial: Trial }) {
  const [objective] = shownObjectives(study.state.goal!, study.state.facts);
  const version = study.version.value;
  return (
    <Card title="What it reported">
      <Chart
        height={240}
        inputs={[version, trial.number]}
        of={(width) =>
          learningCurves({
            width,
            height: 220,
            trials: [trial],
            direction: objective!.direction,
            value: objective!.title,
            ...(study.state.goal!.fidelity && { step: study.state.goal!.fidelity.name }),
          })
        }
      />
    </Card>
  );
}

/** `3rd best of 40 complete trials`, or its part in the Pareto front. */
function rankOf({ state }: LiveStudy, number: number): string | undefined {
  if (state.trial(number)?.state !== 'complete') return undefined;
  const ranked = rankedTrials(comparableTrials(state), state.goal!);
  const at = ranked.findIndex(({ trial }) => trial.number === number);
  const found = ranked[at];
  if (!found) return undefined;
  if (found.violation > 0) return 'breaks a limit of the goal';
  if ((state.goal!.objectives?.length ?? 0) > 1)
    return found.front === 0 ? 'on the Pareto front' : `in front ${found.front + 1}`;
  return at === 0 ? `the best of ${ranked.length}` : `number ${at + 1} of ${ranked.length} by value`;
}

/** The number of the next trial in this direction that is not deleted. */
function besideOf({ state }: LiveStudy, number: number, step: 1 | -1): number | undefined {
  for (let next = number + step; next >= 0 && next < state.count; next += step)
    if (state.trial(next)) return next;
  return undefined;
}

/** The arrows left and right go to the trials beside this one. */
function useArrowKeys(study: LiveStudy, number: number): void {
  useEffect(() => {
    const pressed = ({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent) => {
      if (
        altKey ||
        ctrlKey ||
        metaKey ||
        target instanceof HTMLInputElement ||
        target instanceof HTMLTextAreaElement
      )
        return;
      const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : undefined;
      const next = step && besideOf(study, number, step);
      if (next !== undefined) goTo(addressOf.trial(study.name, next));
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [study, number]);
}
