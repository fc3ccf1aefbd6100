import type { Sampler, SearchSpace, SpaceDescription } from '@foothold/core';
import { loggedMultiFidelity } from '@foothold/optimize';
import { samplerNamed, samplerOfLog, sourcesOf } from '@foothold/protocol';
import { spaceOf } from '@foothold/space';
import {
  type ConfiguredSampler,
  countSuggestions,
  type ReplayedSuggestion,
  replay,
  replaySuggestions,
} from '@foothold/study';
import { cutTo } from '../live/cut-to.ts';
import { type LiveRegion, liveRegion } from '../live/live-region.ts';
import type { Terminal, TerminalSize } from '../live/terminal.ts';
import { programName } from '../program-name.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { bar, clock, paramsText } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { smallStageOf } from './small-stage.ts';
import { storedEvents } from './stored-events.ts';

export interface ReplayCommandOptions {
  readonly storage: string;
  /** Instead of the sampler that the log names. */
  readonly sampler?: string;
  readonly from?: readonly string[];
  readonly method?: string;
  readonly gated?: boolean;
  readonly features?: readonly number[];
  readonly json?: boolean;
}

/** `foothold replay STUDY`: makes every suggestion of a study again from its log; exit code 1 where one differs. */
export async function replayCommand(name: string, options: ReplayCommandOptions): Promise<void> {
  const events = await storedEvents(name, options.storage);
  const { space, trials } = replay(events);
  if (!space)
    throw new UsageError(
      `the log of ${name} does not describe its space (it has constraints that are functions): replaySuggestions of the library takes the space itself`,
    );
  const total = countSuggestions(events);
  const seen: ReplayedSuggestion[] = [];
  const row = replayRow(process.stderr, { total, seen, now: () => performance.now() });
  const suggestions = replaySuggestions({
    events,
    space: spaceOfLog,
    sampler: await samplerOf(name, options, Object.keys(space)),
    program: programName(),
  });
  try {
    for await (const suggestion of suggestions) {
      seen.push(suggestion);
      row.show();
    }
  } finally {
    row.end();
  }
  const differing = seen.filter(({ cause }) => cause !== undefined);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ study: name, trials: trials.length, suggestions: total, differing })}\n`
      : `${differing.map(differenceText).join('')}${differing.length} of ${total} suggestions differ${otherTrials(trials.length - total)}\n`,
  );
  if (differing.length > 0) process.exitCode = 1;
}

/** What makes the sampler: that of the log, or of `--sampler`, with the earlier studies of the line, or the small stage of a large one. */
async function samplerOf(name: string, options: ReplayCommandOptions, names: readonly string[]) {
  const { sampler, method, gated, features: metaFeatures, from = [], storage } = options;
  const sources = await sourcesOf(
    from.map((path) => ({ path })),
    { storage, studiesIn, names },
  );
  const given = {
    ...{ sources, method, gated, metaFeatures },
    ...{ by: 'foothold replay', advice: 'name each with --from' },
  };
  if (sampler === undefined) {
    const ofLog = async (configured: ConfiguredSampler | undefined, space: SearchSpace): Promise<Sampler> => {
      if (configured?.name === 'advised') {
        const { advisedOfLog } = await import('../language-model/advised-of-log.ts');
        return advisedOfLog(configured, (inner) => ofLog(inner, space));
      }
      if (hasFidelities(configured)) return loggedMultiFidelity().sampler(configured, space);
      const stage = from.length === 0 ? await smallStageOf(name, configured, storage) : sources;
      return samplerOfLog(configured, { ...given, sources: stage });
    };
    return ofLog;
  }
  const named = await samplerNamed(sampler, given);
  return () => named;
}

const hasFidelities = (configured: ConfiguredSampler | undefined) => configured?.name === 'multi-fidelity';

/** The space that a log describes; that of several fidelities knows where each has its good parameters. */
function spaceOfLog(description: SpaceDescription, configured: ConfiguredSampler | undefined): SearchSpace {
  return hasFidelities(configured)
    ? loggedMultiFidelity().space(description, configured)
    : spaceOf(description);
}

function differenceText({ number, recorded, suggested, cause }: ReplayedSuggestion): string {
  const now = suggested ? `now ${paramsText(suggested, String)}` : 'now none can be made';
  return `trial ${number}: it was ${paramsText(recorded, String)}, ${now}; ${printable(cause!.text)}\n`;
}

function otherTrials(count: number): string {
  if (count === 0) return '';
  return ` (${count} more ${count === 1 ? 'trial was' : 'trials were'} enqueued or loaded)`;
}

/** On a terminal one row: how many are done, how many differ. */
function replayRow(
  terminal: Terminal,
  {
    total,
    seen,
    now,
  }: { readonly total: number; readonly seen: readonly ReplayedSuggestion[]; readonly now: () => number },
): LiveRegion {
  const start = now();
  const row = ({ columns }: TerminalSize) => {
    const differ = seen.filter(({ cause }) => cause !== undefined).length;
    const text = `${bar(seen.length / total, 10)} ${seen.length}/${total}  ${clock((now() - start) / 1000)}  ${differ} differ`;
    return cutTo(text, columns - 1);
  };
  return liveRegion(terminal, { rows: (size) => [row(size)], last: row });
}
