import { StorageError } from '@foothold/core';
import { type Answer, changeOf, converse } from '@foothold/protocol';
import { copyStudy, deleteStudy, renameStudy } from '@foothold/study';
import { type HostedStudy, ofServer } from './hosted-study.ts';
import { HttpError } from './http-error.ts';
import type { BodyOf, Operation } from './operations.ts';
import type { ServerParts } from './server-context.ts';

/** Leases of clients that give no name. */
export const unnamedWorker = 'unnamed';

/** One operation on a study. */
export interface Call {
  readonly name: string;
  readonly worker: string | undefined;
  /** Of an ask: the same key gets the same trials. */
  readonly key: string | undefined;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

type Bodies = { [O in Operation]: { readonly op: O; readonly body: BodyOf<O> } }[Operation];

/** The answer to an operation. Throws as the study does, HttpError for a name that is taken. */
export async function operate(parts: ServerParts, call: Call, given: Bodies): Promise<Answer> {
  const { studies, storage, clock, access } = parts;
  const { name } = call;
  switch (given.op) {
    case 'rename':
      await studies.open(name);
      await asConflict(renameStudy(storage, { name, ...given.body, now: clock() }));
      studies.drop(name);
      access.renamed(name, given.body.to);
      return { ok: true, study: given.body.to };
    case 'copy':
      await studies.open(name);
      await asConflict(copyStudy({ storage, name }, { storage, name: given.body.to }));
      return { ok: true, study: given.body.to };
    default:
      return studies.use(name, (study) => operateOn(parts, { ...call, study }, given));
  }
}

/** Deletes the study, also under its workers where `force` says so. */
export async function remove(
  { studies, storage, clock, access }: ServerParts,
  name: string,
  force: boolean,
): Promise<void> {
  await studies.open(name);
  await asConflict(deleteStudy(storage, name, { force, now: clock() }));
  studies.drop(name);
  access.renamed(name);
}

async function operateOn(
  parts: ServerParts,
  call: Call & { readonly study: HostedStudy },
  given: Exclude<Bodies, { readonly op: 'rename' | 'copy' }>,
): Promise<Answer> {
  const { study, name } = call;
  const ofWorker = () => study.worker(call.worker ?? unnamedWorker);
  switch (given.op) {
    case 'ask':
      return ask(parts, call, given.body);
    case 'release':
      // Of a client without a name nobody can say whose trials it has.
      if (call.worker === undefined) await study.record.releaseTrials([given.body.number]);
      else await (await ofWorker()).release(given.body.number);
      return { ok: true };
    case 'renew':
      await (await ofWorker()).renew(given.body.number);
      return { ok: true };
    case 'fail': {
      const { number, reason = 'ended by hand' } = given.body;
      await (await study.worker(ofServer)).tell(number, { state: 'failed', reason });
      return { ok: true };
    }
    case 'edit': {
      const result = await study.record.edit(changeOf(given.body, await study.record.state()));
      parts.studies.drop(name);
      return { ok: true, ...result };
    }
    case 'stop':
    case 'resume':
      await study.stop(given.op === 'stop');
      return { ok: true };
    default: {
      const { op, body } = given;
      return converse(
        { study: await ofWorker(), renewal: byClients },
        { op, ...body } as Parameters<typeof converse>[1],
        { now: parts.clock },
      );
    }
  }
}

/** Clients renew their leases themselves. */
const byClients = { began: () => undefined, ended: () => undefined };

/** Trials for a client. Those that nobody waits for any more are given back. */
async function ask(
  { clock }: ServerParts,
  { study, worker = unnamedWorker, key, signal }: Call & { readonly study: HostedStudy },
  body: BodyOf<'ask'>,
): Promise<Answer> {
  const view = await study.worker(worker);
  const answer = await converse(
    { study: view, renewal: byClients },
    { op: 'ask', ...body },
    { now: clock, key, signal, whole: true },
  );
  if (signal.aborted)
    for (const { number } of answer['trials'] as readonly { readonly number: number }[])
      await view.release(number).catch(() => undefined);
  return answer;
}

/** A storage's refusal, of a name that is taken or of a study with workers, as HTTP says it. */
async function asConflict(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (error instanceof StorageError && !error.retry)
      throw new HttpError(409, 'StorageError', error.message);
    throw error;
  }
}
