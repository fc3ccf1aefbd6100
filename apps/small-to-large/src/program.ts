import { createHash } from 'node:crypto';
import { InvalidArgumentError } from '@foothold/core';
import { fileStorage } from '@foothold/study';
import { checkedConfiguration, fingerprint } from './configuration.ts';
import { downloadImages } from './data/download.ts';
import { officialFiles, readImages } from './data/fashion-mnist.ts';
import { historyOf, isComplete } from './history.ts';
import { loadBackend } from './network/backend.ts';
import { examplesOf, objectiveOf } from './objective.ts';
import type { Flags } from './options.ts';
import { downloadDisplay, storyDisplay } from './progress.ts';
import { reportOf } from './report.ts';
import { reportFile } from './report-file.ts';
import { type Story, sizesText, summaryOf } from './summary.ts';
import type { Terminal } from './terminal.ts';
import { tune } from './tuning.ts';

/**
 * The whole story: images, small network, large network after it, large network from cold, table and report.
 *
 * Trials that the storage already has are not run again. Rejects with what is wrong, or with the signal's reason.
 */
export async function run(flags: Flags, to: Terminal, signal: AbortSignal): Promise<Story> {
  const configuration = checkedConfiguration(flags.configuration);
  if (flags.data !== undefined && flags.download !== undefined)
    throw new InvalidArgumentError('--data', flags.data, 'one of --data and --download');
  const folder = flags.download ?? flags.data;
  if (folder === undefined)
    throw new InvalidArgumentError(
      '--data',
      undefined,
      'a folder with the Fashion-MNIST files; or --download DIR, which fetches them into one',
    );
  const report = await reportFile(flags.report);
  if (flags.download !== undefined)
    await downloadImages({
      folder,
      source: flags.source,
      signal,
      onProgress: downloadDisplay(to, { files: officialFiles, now: () => performance.now() }),
    });
  const smallHistory =
    flags.smallHistory === undefined ? undefined : await historyOf(flags.smallHistory, flags.storage);
  const set = await readImages(folder);
  const examples = examplesOf(set, configuration);
  const tf = await loadBackend(configuration.backend);
  to.line(
    `${to.paint('bold', 'Small to large')} on ${folder}, backend ${configuration.backend}, seed ${configuration.seed}`,
  );
  for (const line of sizesText(configuration, examples)) to.line(line);

  if (smallHistory)
    to.line(
      `small network: ${smallHistory.length} trials of ${flags.smallHistory}, ${smallHistory.filter(isComplete).length} of them complete; it is not run`,
    );

  const show = storyDisplay(to, {
    totals: { small: flags.smallTrials, large: flags.largeTrials, cold: flags.largeTrials },
    epochs: configuration.epochs,
    now: () => performance.now(),
  });
  const story = await tune({
    ...flags,
    objectives: {
      small: objectiveOf(tf, 'small', { examples, configuration }),
      large: objectiveOf(tf, 'large', { examples, configuration }),
    },
    seed: configuration.seed,
    storage: fileStorage(flags.storage),
    smallHistory,
    name: `${fingerprint(configuration, examples)}${smallHistory ? `-${shortHash(smallHistory)}` : ''}`,
    signal,
    onTaken: show.taken,
    onTrial: show.trial,
    onProgress: show.progress,
  });
  to.line();
  for (const line of summaryOf(story)) to.line(line);
  to.line(await report.write(await reportOf(story, { configuration, examples })));
  return story;
}

/** Another history makes other studies. */
function shortHash(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8);
}
