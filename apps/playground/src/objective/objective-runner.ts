import { proxy, type Remote, wrap } from 'comlink';
import type { ProgramFault } from '../program/program-fault.ts';
import type {
  EvaluationAnswer,
  EvaluationRequest,
  LoadedProgram,
  ObjectiveService,
} from './objective-messages.ts';
import workerUrl from './objective-worker.ts?worker&url';
import { keptLines } from './printed-lines.ts';

/** How an evaluation ended, with the last lines that it printed. */
export type Evaluated = EvaluationAnswer & { readonly lines: readonly string[] };

/** A program in a worker of its own, which can be ended at any time. */
export interface ObjectiveRunner {
  /** Loads the program and says what it is. Rejects after `stop`. */
  load(): Promise<{ readonly program: LoadedProgram } | { readonly fault: ProgramFault }>;
  /** One evaluation. One that takes longer than the limit is ended, its worker too. Rejects after `stop`. */
  evaluate(
    request: EvaluationRequest,
    report: (step: number, value: number) => Promise<'continue' | 'prune'>,
  ): Promise<Evaluated>;
  /** Ends the worker, whatever it does. */
  stop(): void;
}

interface Opened {
  readonly worker: Worker;
  readonly service: Remote<ObjectiveService>;
  /** Rejects when the worker is ended or cannot be had. */
  readonly lost: Promise<never>;
  end(error: Error): void;
}

class TimeLimitError extends Error {
  override readonly name = 'TimeoutError';
}

/** A runner of this JavaScript. `seconds`: of one evaluation, and of loading; undefined is without end. */
export function objectiveRunner(code: string, seconds: number | undefined): ObjectiveRunner {
  let open: Opened | undefined;
  let lines: string[] = [];
  let isStopped = false;
  const print = (more: readonly string[]) => {
    lines = [...lines, ...more].slice(-keptLines);
  };
  const limited = <T>(opened: Opened, work: Promise<T>): Promise<T> =>
    withLimit(opened, {
      ...{ work, seconds },
      onEnd() {
        open = undefined;
      },
    });
  const load = async () => {
    if (isStopped) throw new Error('stopped');
    open?.end(new Error('loaded again'));
    const opened = openWorker();
    open = opened;
    lines = [];
    await Promise.race([opened.service.prepare(code), opened.lost]);
    try {
      return await limited(
        opened,
        opened.service.load(code, proxy(print)) as ReturnType<ObjectiveService['load']>,
      );
    } catch (error) {
      if (error instanceof TimeLimitError)
        return { fault: { message: `The program does not come to its end: ${error.message}.` } };
      throw error;
    }
  };
  return {
    load,
    async evaluate(request, report) {
      if (!open) {
        // The one before was ended. A program that loaded once loads again, unless it depends on chance.
        const again = await load();
        if ('fault' in again) return { thrown: { ...again.fault, name: 'Error' }, lines };
      }
      lines = [];
      try {
        const work = open!.service.evaluate(request, proxy(report)) as ReturnType<
          ObjectiveService['evaluate']
        >;
        const answer = await limited(open!, work);
        return { ...answer, lines };
      } catch (error) {
        if (!(error instanceof TimeLimitError)) throw error;
        return { thrown: { name: error.name, message: error.message }, lines };
      }
    },
    stop() {
      isStopped = true;
      open?.end(new Error('stopped'));
      open = undefined;
    },
  };
}

/** The work, or a TimeLimitError after the limit; the worker is then ended. Rejects where the worker ends otherwise. */
async function withLimit<T>(
  { lost, end }: Opened,
  {
    work,
    seconds,
    onEnd,
  }: { readonly work: Promise<T>; readonly seconds: number | undefined; onEnd(): void },
): Promise<T> {
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          onEnd();
          end(new TimeLimitError(`it took longer than the limit of ${seconds} s`));
        }, 1000 * seconds);
  try {
    return await Promise.race([work, lost]);
  } finally {
    clearTimeout(timer);
  }
}

/** A worker whose script is the page's own text, so that it is under the page's policy; that script loads the real one. */
function openWorker(): Opened {
  const script = `import ${JSON.stringify(new URL(workerUrl, import.meta.url).href)};`;
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address, { type: 'module' });
  let end: Opened['end'] = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    end = (error) => {
      worker.terminate();
      URL.revokeObjectURL(address);
      reject(error);
    };
  });
  lost.catch(() => undefined);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    // An error of a program's own timer does not end its worker; a script that does not load gives no message.
    if (event.message === undefined) end(new Error('the worker of the program cannot be started'));
  });
  return { worker, service: wrap<ObjectiveService>(worker), lost, end };
}
