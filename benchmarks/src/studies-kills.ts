import { killedStudy, type StudyResult } from './studies-killed-study.ts';
import { draws } from './studies-kills-faults.ts';
import type { KilledWorker, SharedStudy } from './studies-workers.ts';

export interface KillOptions extends Pick<SharedStudy, 'storage' | 'address'> {
  readonly kills: number;
  readonly processes: number;
  readonly seed: number;
}

export interface KillResult extends StudyResult {
  readonly kills: number;
  /** How many kills met a process in this call, or between two. */
  readonly during: Readonly<Record<'ask' | 'report' | 'tell' | 'between', number>>;
  readonly seconds: number;
}

/** Lines that a process writes at most before it is killed, two a call: the calls of six trials. */
const maxLines = 60;
/** Milliseconds after that line at most: longer than any call takes alone. */
const longestPause = 20;

/**
 * Keeps so many processes at work on one study and ends each by SIGKILL at a moment by the seed, the first calls that open the
 * study among them, until all of `kills` are done; then the study is finished and compared.
 */
export async function killWorkers(options: KillOptions): Promise<KillResult> {
  const { storage, address, kills, processes, seed } = options;
  const start = performance.now();
  const during = { ask: 0, report: 0, tell: 0, between: 0 };
  const result = await killedStudy({ storage, address, name: `kills-${seed}` }, async (workers) => {
    let begun = 0;
    const oneAfterAnother = async () => {
      while (begun < kills && workers.faults.length === 0) {
        const draw = draws(`kills ${seed} ${begun++}`);
        const worker = workers.start({ lines: 1 + draw(maxLines), ms: draw(longestPause) });
        await worker.ended;
        during[callOf(worker)]++;
      }
    };
    await Promise.all(Array.from({ length: processes }, oneAfterAnother));
  });
  const seconds = (performance.now() - start) / 1000;
  return { kills: Object.values(during).reduce((a, b) => a + b), during, ...result, seconds };
}

function callOf({ said }: KilledWorker): keyof KillResult['during'] {
  const word = said.at(-1)?.split(' ')[0];
  return word === 'ask' || word === 'report' || word === 'tell' ? word : 'between';
}
