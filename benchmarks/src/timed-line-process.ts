/** A program that answers lines of JSON, with the time of its answers and the processor's time that it has used. */
import { readdirSync, readFileSync } from 'node:fs';
import { type LineProcess, lineProcess } from './line-process.ts';

export type Answer = Readonly<Record<string, unknown>>;

export interface Timed {
  readonly answer: Answer;
  /** Milliseconds until the answer was read. */
  readonly wait: number;
  /** Milliseconds of the processor meanwhile, all threads of the program together; NaN where the system does not tell (other than Linux). */
  readonly cpu: number;
}

export interface TimedLineProcess extends Pick<LineProcess, 'end'> {
  /** Sends one request. Throws where its answer is an error, where the program could not be started and where it has ended. */
  call(request: Answer): Promise<Timed>;
  /** Milliseconds of the processor so far. */
  cpu(): number;
}

/** Starts it; as `lineProcess`. */
export function timedLineProcess(...started: Parameters<typeof lineProcess>): TimedLineProcess {
  const { pid, ask, end } = lineProcess(...started);
  const cpu = () => processorTime(pid);
  return {
    ...{ cpu, end },
    async call(request) {
      const before = cpu();
      const start = performance.now();
      const answer = await ask<Answer>(request);
      const wait = performance.now() - start;
      if ('error' in answer) throw new Error(`${started[0]}: ${JSON.stringify(answer['error'])}`);
      return { answer, wait, cpu: cpu() - before };
    },
  };
}

/** Milliseconds that the threads of a process have run. */
function processorTime(pid: number | undefined): number {
  try {
    let nanoseconds = 0;
    for (const task of readdirSync(`/proc/${pid}/task`))
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    return nanoseconds / 1e6;
  } catch {
    return Number.NaN;
  }
}
