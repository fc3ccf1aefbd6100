/** What a tab of the IndexedDB tests does when it is asked to. All values come and go as JSON, which keeps every bit. */
import {
  InvalidArgumentError,
  indexedDbStorage,
  minimize,
  OptimizationError,
  type Storage,
  searchSpace,
  uniform,
} from 'foothold';

/** What a call gave, or the error that it threw, with the fields that callers read. */
export type Answer =
  | { readonly value: string | undefined }
  | {
      readonly error: {
        readonly name: string;
        readonly message: string;
        readonly retry: boolean;
        readonly argument?: string;
      };
    };

export interface Tab {
  call(database: string, method: keyof Storage, given: string): Promise<Answer>;
  /** Begins to watch; the number is for `next` and `stop`. */
  watch(database: string, study: string, from: number): number;
  next(watching: number): Promise<Answer>;
  stop(watching: number): void;
  /** Appends so many events of its own to one study, each when it is first. Where it was, and how often it was not. */
  race(
    database: string,
    name: string,
    wins: number,
  ): Promise<{ readonly at: readonly number[]; readonly lost: number }>;
  /** Appends three events at a time without end; `told` hears of the length after each. */
  fill(database: string, told: (length: number) => Promise<void>): Promise<never>;
  /** Parameters and values of a study of so many trials; in memory without a database. */
  study(database: string | undefined, trials: number): Promise<string>;
  /** The next message to the tabs of a database. */
  heard(database: string): Promise<unknown>;
}

const storages = new Map<string, ReturnType<typeof indexedDbStorage>>();
const storageIn = (database: string) => {
  const storage = storages.get(database) ?? indexedDbStorage(database);
  storages.set(database, storage);
  return storage;
};
const watches: { readonly events: AsyncIterator<unknown>; readonly end: AbortController }[] = [];

async function answered(work: () => unknown): Promise<Answer> {
  try {
    const value = await work();
    return { value: JSON.stringify(value) };
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    const { name, message, retry } = error;
    return {
      error: {
        ...{ name, message, retry },
        ...(error instanceof InvalidArgumentError && { argument: error.argument }),
      },
    };
  }
}

const studyTab: Tab = {
  call: (database, method, given) =>
    answered(() =>
      (storageIn(database)[method as 'read'] as (...given: unknown[]) => unknown)(...JSON.parse(given)),
    ),
  watch(database, study, from) {
    const end = new AbortController();
    const events = storageIn(database).watch(study, from, end.signal)[Symbol.asyncIterator]();
    return watches.push({ events, end }) - 1;
  },
  next: (watching) =>
    answered(async () => {
      const { done, value } = await watches[watching]!.events.next();
      return done ? undefined : value;
    }),
  stop: (watching) => watches[watching]!.end.abort(),
  async race(database, name, wins) {
    const storage = storageIn(database);
    const at: number[] = [];
    let lost = 0;
    while (at.length < wins) {
      const { length } = await storage.read('race', 0);
      const params = { name, win: at.length };
      if (await storage.append('race', length, [{ type: 'enqueued', params }])) at.push(length);
      else lost++;
    }
    return { at, lost };
  },
  async fill(database, told) {
    const storage = storageIn(database);
    for (let length = 0; ; length += 3) {
      const events = [0, 1, 2].map((i) => ({ type: 'enqueued', params: { x: length + i } }) as const);
      if (!(await storage.append('filled', length, events))) throw new Error(`not first at ${length}`);
      await told(length + 3);
    }
  },
  async study(database, trials) {
    const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
    const storage = database === undefined ? undefined : storageIn(database);
    const { trials: all } = await minimize(({ x, y }) => (x - 0.3) ** 2 + y, space, {
      ...{ trials, storage, seed: 5 },
    });
    return JSON.stringify(all.map((trial) => [trial.params, trial.state === 'complete' && trial.value]));
  },
  heard: (database) =>
    new Promise((resolve) => {
      new BroadcastChannel(`foothold:${database}`).onmessage = ({ data }) => resolve(data);
    }),
};
Object.assign(globalThis, { studyTab });
