import {
  type DeletedTrial,
  type Goal,
  type HeldTrial,
  InvalidArgumentError,
  type Outcome,
  type Params,
  type Study,
  type Trial,
} from '@foothold/core';
import { type RemoteCall, remoteCall, type ServerAddress } from './remote-call.ts';

export interface RemoteStudyOptions {
  /** Name of the study. */
  readonly name: string;
  /** Default: that of the link's fragment, `#token=…`. */
  readonly token?: string | undefined;
  /**
   * Name under which this program holds its trials; a program that is started again under the same name keeps them. Default: a new one.
   */
  readonly worker?: string | undefined;
  /**
   * The study is made with these members of a `create` (docs/protocol.md) where it is not there: `{ space: space.description, seed: 7 }`.
   * Throws InvalidArgumentError where it is there and differs.
   */
  readonly create?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds for which calls are repeated while the server cannot be reached. Default: 60,000. */
  readonly patience?: number | undefined;
  /** Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** A study on a server. */
export interface RemoteStudy<P extends Params = Params>
  extends Required<
    Pick<
      Study<P>,
      | 'ask'
      | 'enqueue'
      | 'report'
      | 'tell'
      | 'trials'
      | 'trial'
      | 'ended'
      | 'note'
      | 'output'
      | 'release'
      | 'renew'
      | 'held'
      | 'deleteTrial'
      | 'restoreTrial'
      | 'deletedTrials'
    >
  > {
  readonly name: string;
  readonly worker: string;
  readonly goal: Goal;
  readonly renewEvery: number;
}

/** A minute: a server that is started again is back before. */
const defaultPatience = 60_000;

/**
 * The study of this name on the server at `url`, the link that `foothold serve` prints or the address in front of it. For Node and browsers.
 *
 * Calls that may be made twice without harm are repeated while the server cannot be reached: all but `enqueue`. An ask whose answer was
 * lost gets the same trial. Every call throws what the study throws on the server, as the same class; StorageError where the server
 * cannot be reached, or refuses the token. Throws InvalidArgumentError for a `url` that is none, and without a token.
 */
export async function remoteStudy<P extends Params = Params>(
  url: string,
  options: RemoteStudyOptions,
): Promise<RemoteStudy<P>> {
  const at = addressOf(url, options);
  const { name, create } = options;
  const path = `/api/studies/${encodeURIComponent(name)}`;
  if (create)
    await remoteCall(at, {
      method: 'POST',
      path: '/api/studies',
      body: { ...create, name },
      isRepeatable: true,
    });
  const { goal, renewEvery } = await remoteCall(at, { method: 'GET', path, isRepeatable: true });
  return {
    name,
    worker: at.worker,
    goal: goal as Goal,
    renewEvery: renewEvery as number,
    ...callsOf<P>(at, path),
  };
}

function callsOf<P extends Params>(
  at: ServerAddress,
  path: string,
): Omit<RemoteStudy<P>, 'name' | 'worker' | 'goal' | 'renewEvery'> {
  const read = async (part: string, missing?: Readonly<Record<string, unknown>>) =>
    remoteCall(at, { method: 'GET', path: `${path}/${part}`, isRepeatable: true, missing });
  const post = async (op: string, body: object, more: Partial<RemoteCall> = {}) =>
    remoteCall(at, { method: 'POST', path: `${path}/${op}`, body, isRepeatable: true, ...more });
  const told = (members: unknown) => trialOf<P>(members as Trial<P>);
  return {
    async ask({ signal, key = crypto.randomUUID(), ...options } = {}) {
      signal?.throwIfAborted();
      const { trials } = await post('ask', options, { signal, headers: { 'Idempotency-Key': key } });
      const [given] = trials as readonly Trial<P>[];
      return told(given);
    },
    enqueue: async (params) => void (await post('enqueue', { params }, { isRepeatable: false })),
    report: async (...[number, step, value, metrics]) => {
      const body = { number, step, value, ...(metrics && { metrics }) };
      return (await post('report', body))['decision'] as 'continue' | 'prune';
    },
    tell: async (number, outcome: Outcome, notes = {}) =>
      void (await post('tell', { number, ...outcome, ...notes })),
    trials: async () => ((await read('trials'))['trials'] as readonly unknown[]).map(told),
    async trial(number) {
      const { trial } = await read(`trials/${number}`, { trial: undefined });
      return trial === undefined ? undefined : told(trial);
    },
    ended: async (from) => ((await read(`ended?from=${from}`))['trials'] as readonly unknown[]).map(told),
    note: async (number, notes) =>
      void (await post('note', { ...(number !== undefined && { number }), ...notes })),
    output: async (number) => (await read(`trials/${number}/output`))['lines'] as readonly string[],
    deleteTrial: async (number) => void (await post('delete', { number })),
    restoreTrial: async (number) => void (await post('restore', { number })),
    deletedTrials: async () =>
      ((await read('trials?deleted=true'))['deleted'] as readonly unknown[]).map(
        told,
      ) as unknown as readonly DeletedTrial<P>[],
    release: async (number) => void (await post('release', { number })),
    renew: async (number) => void (await post('renew', { number })),
    held: async () => (await read('held'))['held'] as readonly HeldTrial[],
  };
}

/** A trial as JSON has it leaves out what is empty. */
function trialOf<P extends Params>(
  members: Omit<Trial<P>, 'reports'> & { readonly reports?: Trial<P>['reports'] },
): Trial<P> {
  return { ...members, reports: members.reports ?? [] } as Trial<P>;
}

function addressOf(url: string, options: RemoteStudyOptions): ServerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:')
    throw new InvalidArgumentError(
      'url',
      url.replace(/#.*/, ''),
      'the address of a server, such as http://127.0.0.1:8080',
    );
  const fragment = new URLSearchParams(parsed.hash.slice(1)).get('token');
  const token = options.token ?? fragment;
  if (!token)
    throw new InvalidArgumentError('token', undefined, 'a token of the server, or a link with #token=…');
  return {
    base: `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}`,
    token,
    worker: options.worker ?? `worker:${crypto.randomUUID()}`,
    patience: options.patience ?? defaultPatience,
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
  };
}
