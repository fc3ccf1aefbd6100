/** A program that answers lines of JSON, with the time of its answers and the processor's time that it has used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export type Answer = Readonly<Record<string, unknown>>;

export interface Timed {
  readonly answer: Answer;
  /** Milliseconds until the answer was read. */
  readonly wait: number;
  /** Milliseconds of the processor meanwhile, all threads of the program together; NaN where the system does not tell (other than Linux). */
  readonly cpu: number;
}

export interface LineProgram {
  /** Sends one request. Throws where its answer is an error, and where the program has ended. */
  call(request: Answer): Promise<Timed>;
  /** Milliseconds of the processor so far. */
  cpu(): number;
  end(): Promise<void>;
}

/** Starts it; `env` is added to the environment. */
export function lineProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LineProgram {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const cpu = () => processorTime(child.pid!);
  return {
    cpu,
    async call(request) {
      const before = cpu();
      const start = performance.now();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      const wait = performance.now() - start;
      if (done) throw new Error(`${program} ended`);
      const answer = JSON.parse(value) as Answer;
      if ('error' in answer) throw new Error(`${program}: ${JSON.stringify(answer['error'])}`);
      return { answer, wait, cpu: cpu() - before };
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Milliseconds that the threads of a process have run. */
function processorTime(pid: number): number {
  try {
    let nanoseconds = 0;
    for (const task of readdirSync(`/proc/${pid}/task`))
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    return nanoseconds / 1e6;
  } catch {
    return Number.NaN;
  }
}
