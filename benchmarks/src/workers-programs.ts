import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const space = JSON.stringify({
  x: { type: 'real', low: 0, high: 1 },
  y: { type: 'real', low: 0, high: 1 },
  z: { type: 'real', low: 0, high: 1 },
});

/** What evaluates the trials of a study: `worker` of a queue, or `tune`, which has none. */
export type Kind = 'worker' | 'tune';

export interface Program {
  readonly child: ChildProcess;
  /** What it said. */
  err(): string;
  readonly ended: Promise<void>;
}

export interface StudyLine {
  readonly kind: Kind;
  readonly address: string;
  readonly name: string;
  readonly trials: number;
  readonly sampler: string;
}

/** Starts `foothold` on trials of one second, whose value is x. */
export function startProgram({ kind, address, name, trials, sampler }: StudyLine): Program {
  const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
  const run = `sh -c 'sleep 1; echo $1' sh {x}`;
  const child = spawn(
    process.execPath,
    [
      ...['--conditions=@foothold/source', main, kind, '--storage', address, '--name', name, '--run', run],
      ...[
        '--space',
        space,
        '--trials',
        String(trials),
        '--sampler',
        sampler,
        '--retries',
        '1000',
        '--keep-output',
        '0',
      ],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  return { child, err: () => err, ended };
}

/** Numbers of the trials that the program said had ended. */
export function saidEnded(err: string): readonly number[] {
  return [...err.matchAll(/^trial (\d+) \(\d[^)]*\): /gm)].map(([, number]) => Number(number));
}
