import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./studies-worker.ts', import.meta.url));

/** What a process of the benchmark prints last, after `start` was called where it waits for that. */
export interface WorkerProcess {
  readonly ready: Promise<void>;
  start(): void;
  readonly result: Promise<Readonly<Record<string, number>>>;
}

/** A process that runs `studies-worker.ts` with these words. */
export function workerProcess(words: readonly string[]): WorkerProcess {
  const child = spawn(process.execPath, [...process.execArgv, script, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((done) => {
    isReady = done;
  });
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') isReady();
    else last = line;
  });
  const result = new Promise<Readonly<Record<string, number>>>((done, fail) => {
    child.on('close', (code) => {
      if (code === 0 && last !== '') done(JSON.parse(last) as Record<string, number>);
      else fail(new Error(`${words.join(' ')} ended with ${code}`));
    });
  });
  return { ready, start: () => void child.stdin.write('go\n'), result };
}

/** The results of so many processes that work on one study, all begun at once. */
export async function workTogether(
  processes: number,
  {
    storage,
    address,
    trials,
  }: { readonly storage: string; readonly address: string; readonly trials: number },
): Promise<readonly Readonly<Record<string, number>>[]> {
  const all = Array.from({ length: processes }, () => workerProcess(['work', storage, address, `${trials}`]));
  await Promise.all(all.map(({ ready }) => ready));
  for (const { start } of all) start();
  return Promise.all(all.map(({ result }) => result));
}
