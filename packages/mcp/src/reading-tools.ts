/** Tools that look at studies. */
import { type Goal, objectivesOf, type Storage, smallestOf } from '@foothold/core';
import { type Answer, studyName } from '@foothold/protocol';
import { operationSummaries } from '@foothold/server';
import { atTargetFidelity, bestTrial, type StudyState, trialCounts } from '@foothold/study';
import * as v from 'valibot';
import { type StudyCalls, studyPath } from './study-calls.ts';
import { studyState } from './study-state.ts';
import { reads, type StudyTool, studyTool } from './tool.ts';
import { toolTrial, withToolTrials } from './tool-trial.ts';

const from = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.description('the first one')));
const limit = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200), v.description('how many; 50 by default')),
);
/** Entries of a list that are shown where nothing is said. */
const shown = 50;
const ofStudy = v.strictObject({ study: studyName });

export function readingTools(calls: StudyCalls, storage: Storage): readonly StudyTool[] {
  return [
    studyTool({
      name: 'studies',
      description: operationSummaries.studies,
      schema: v.strictObject({ from, limit }),
      effects: reads,
      async call(part, { signal }) {
        const { studies } = await calls.call({ path: '/studies', signal });
        return pageOf('studies', (studies as readonly Answer[]).map(summary), part);
      },
    }),
    studyTool({
      name: 'study',
      description: `${operationSummaries.study}: space, goal, sampler`,
      schema: ofStudy,
      effects: reads,
      call: ({ study }, { signal }) => calls.call({ path: studyPath(study), signal }),
    }),
    studyTool({
      name: 'best',
      description: operationSummaries.best,
      schema: ofStudy,
      effects: reads,
      call: async ({ study }, { signal }) =>
        withToolTrials(await calls.call({ path: studyPath(study, 'best'), signal })),
    }),
    studyTool({
      name: 'trials',
      description: operationSummaries.trials,
      schema: v.strictObject({ study: studyName, from, limit }),
      effects: reads,
      async call({ study, ...part }, { signal }) {
        const { trials } = await calls.call({ path: studyPath(study, 'trials'), signal });
        return pageOf(
          'trials',
          (trials as readonly unknown[]).map((trial) => toolTrial(trial)!),
          part,
        );
      },
    }),
    studyTool({
      name: 'compare',
      description:
        'Compares studies: the best of each, and the best after as many complete trials as all have',
      schema: v.strictObject({ studies: v.pipe(v.array(studyName), v.minLength(2), v.maxLength(20)) }),
      effects: reads,
      call: async ({ studies }) => compared(studies, storage),
    }),
  ];
}

/** A part of a list, with the length of the whole. */
function pageOf(
  name: string,
  all: readonly Answer[],
  { from = 0, limit = shown }: { readonly from?: number | undefined; readonly limit?: number | undefined },
): Answer {
  return { [name]: all.slice(from, from + limit), total: all.length };
}

function summary({ workers: _workers, bestValues: _values, best, ...others }: Answer): Answer {
  return { ...others, ...(best !== undefined && { best: toolTrial(best) }) };
}

/** What became of each study. Throws NotFoundError's AnswerError for one that is not there. */
async function compared(names: readonly string[], storage: Storage): Promise<Answer> {
  const states: { readonly name: string; readonly state: StudyState; readonly goal: Goal }[] = [];
  for (const name of names) {
    const state = await studyState(storage, name);
    states.push({ name, state, goal: state.goal ?? state.created!.goal });
  }
  const rivalsOf = ({ state }: (typeof states)[number]) => state.trials.filter(atTargetFidelity(state));
  const completeOf = (one: (typeof states)[number]) =>
    rivalsOf(one).filter((trial) => trial.state === 'complete');
  const trials = smallestOf(states.map((one) => completeOf(one).length));
  const goalOf = ({ goal }: (typeof states)[number]) => JSON.stringify(objectivesOf(goal));
  return {
    trials,
    sameObjectives: new Set(states.map(goalOf)).size === 1,
    studies: states.map((one) => {
      const best = bestTrial(rivalsOf(one), one.goal);
      const early = bestTrial(completeOf(one).slice(0, trials), one.goal);
      return {
        name: one.name,
        objectives: objectivesOf(one.goal),
        counts: trialCounts(one.state.trials),
        best: best ? toolTrial(best) : null,
        bestAfterTrials: early ? early.value : null,
      };
    }),
  };
}
