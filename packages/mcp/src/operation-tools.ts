/** The operations of a server that change studies, as tools: same names, same schemas, with the name of the study beside them. */
import { type LeaseRenewal, leaseRenewal, studyName } from '@foothold/protocol';
import { createSchema, idempotencyKey, operationSchemas, operationSummaries } from '@foothold/server';
import * as v from 'valibot';
import { agentWorker, type StudyCalls, studyPath } from './study-calls.ts';
import { adds, ends, type StudyTool, sets, studyTool, type ToolEffects } from './tool.ts';
import { withToolTrials } from './tool-trial.ts';

/** Operations that need nothing more than their body, with their effects. */
const plain = {
  tell: sets,
  report: sets,
  enqueue: adds,
  load: adds,
  note: sets,
  release: sets,
  fail: ends,
  delete: ends,
  restore: sets,
  stop: sets,
  resume: sets,
} as const satisfies Readonly<Record<string, ToolEffects>>;
type Plain = keyof typeof plain;

/** Operations after which a trial needs no lease any more. */
const ending: readonly Plain[] = ['tell', 'release', 'fail', 'delete'];

/** Trials of one ask: an agent reads them all. */
const longestAsk = 50;

/** Tools that change studies, and the leases of the trials that they gave out. */
export interface OperationTools {
  readonly tools: readonly StudyTool[];
  /** No lease is renewed any more. */
  close(): void;
}

export function operationTools(calls: StudyCalls): OperationTools {
  const leases = agentLeases(calls);
  const createTool = studyTool({
    name: 'create',
    description: `${operationSummaries.create}. Then ask, evaluate and tell, again and again`,
    schema: createSchema,
    effects: adds,
    call: (body, { signal }) => calls.call({ path: '/studies', body, signal }),
  });
  const ask = studyTool({
    name: 'ask',
    description: `${operationSummaries.ask}. Evaluate its params, then tell its number and value`,
    schema: v.strictObject({
      study: studyName,
      key: v.optional(idempotencyKey),
      ...operationSchemas.ask.entries,
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestAsk))),
    }),
    effects: adds,
    // What an agent holds it has to see.
    isWhole: true,
    async call({ study, key, ...body }, { signal }) {
      const answer = await calls.call({ path: studyPath(study, 'ask'), body, key, signal });
      await leases.began(study, answer['trials'] as readonly { readonly number: number }[]);
      return withToolTrials(answer, { why: true });
    },
  });
  const others = (Object.keys(plain) as Plain[]).map((name) =>
    studyTool({
      name,
      description: operationSummaries[name],
      schema: v.strictObject({ study: studyName, ...(operationSchemas[name].entries as v.ObjectEntries) }),
      effects: plain[name],
      async call({ study, ...body }, { signal }) {
        const answer = await calls.call({ path: studyPath(study, name), body, signal });
        if (ending.includes(name)) await leases.ended(study, (body as { readonly number?: number }).number!);
        return answer;
      },
    }),
  );
  return { tools: [createTool, ask, ...others], close: leases.stop };
}

/** Agents think for long: the leases of their trials are kept until they tell, and while this process is there. */
function agentLeases(calls: StudyCalls) {
  const renewals = new Map<string, Promise<LeaseRenewal>>();
  let isClosed = false;
  // In the map before anything is awaited: asks at the same time share one.
  const renewalOf = (study: string) => {
    const present = renewals.get(study);
    if (present) return present;
    const made = calls.study(study, agentWorker).then(leaseRenewal);
    renewals.set(study, made);
    made.catch(() => renewals.delete(study));
    return made;
  };
  return {
    async began(study: string, trials: readonly { readonly number: number }[]) {
      while (trials.length > 0 && !isClosed) {
        const made = renewalOf(study);
        const renewal = await made;
        if (isClosed) return renewal.stop();
        // The study's last trial may have ended meanwhile, and its renewal with it.
        if (renewals.get(study) !== made) continue;
        for (const { number } of trials) renewal.began(number);
        return;
      }
    },
    async ended(study: string, number: number) {
      const made = renewals.get(study);
      const renewal = await made?.catch(() => undefined);
      renewal?.ended(number);
      if (renewal?.numbers().length !== 0 || renewals.get(study) !== made) return;
      renewal.stop();
      renewals.delete(study);
    },
    stop() {
      isClosed = true;
      for (const made of renewals.values())
        made.then(
          (renewal) => renewal.stop(),
          () => undefined,
        );
      renewals.clear();
    },
  };
}
