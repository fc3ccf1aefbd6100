import { MissingSourcesError } from '@foothold/protocol';
import {
  type ConfiguredSampler,
  pastTrials,
  studyRecord,
  studySource,
  type TransferSource,
} from '@foothold/study';
import { studiesIn } from '../studies-in.ts';

/** What the log of a large stage says of its small one. */
interface LoggedStage {
  readonly name: string;
  readonly trials: number;
}

/** The stage that a sampler begins with; undefined for one that begins with nothing, or with other studies. */
function loggedStage(configured: ConfiguredSampler | undefined): LoggedStage | undefined {
  const { transfer = [] } = (configured?.options ?? {}) as { readonly transfer?: readonly LoggedStage[] };
  const [first, ...others] = transfer;
  return first && others.length === 0 && /^small(, |$)/.test(first.name) ? first : undefined;
}

/**
 * What the suggestions of a large stage of `small-to-large` start from, as far as its log says it: the trials that `NAME-small` of the
 * same storage had when they were made. None for a study that is no such stage. Throws MissingSourcesError where the small stage
 * is not as the log has it, and says how.
 */
export async function smallStageOf(
  name: string,
  configured: ConfiguredSampler | undefined,
  storage: string,
): Promise<readonly TransferSource[]> {
  const stage = loggedStage(configured);
  if (!stage || !name.endsWith('-large')) return [];
  const smallName = name.replace(/large$/, 'small');
  const missing = (what: string) =>
    new MissingSourcesError(
      `the suggestions start from the ${stage.trials} trials of the small stage ${smallName}, ${what}; name a study that has them with --from`,
    );
  if (stage.name !== 'small')
    throw missing(`moved by a shift (${stage.name}), of which the log does not have the bounds`);
  const {
    created,
    goal = created?.goal,
    trials,
    edits,
  } = await studyRecord(studiesIn(storage), smallName).state();
  if (!created) throw missing(`and ${storage} has no such study`);
  if (trials.length < stage.trials) throw missing(`which has ${trials.length} now`);
  return [studySource(pastTrials(trials.slice(0, stage.trials), edits), { name: 'small', goal })];
}
