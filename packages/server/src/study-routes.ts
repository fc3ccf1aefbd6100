import {
  InvalidArgumentError,
  type Storage,
  type StudyEvent,
  StudyReplacedError,
  UnsupportedError,
} from '@foothold/core';
import { shownTrial } from '@foothold/protocol';
import { type LocalStudy, type StudyState, studyDataOf } from '@foothold/study';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { streamSSE } from 'hono/streaming';
import { errorAnswer } from './error-answer.ts';
import { workerOf } from './guards.ts';
import { HttpError } from './http-error.ts';
import { refuseStudy, type ServerEnv, type ServerParts } from './server-context.ts';
import { unnamedWorker } from './study-operations.ts';

/** Events in one answer of `log`. */
const maxEvents = 10_000;
/** Milliseconds between two looks at whether an event stream may go on. */
const checkEvery = 1000;
/** Looks between two comment lines, which keep proxies from closing a stream. */
const checksPerBeat = 15;

/** Where an answer may be long: short ones cost more to compress than to send. */
const longAnswers = [
  '/studies',
  ...['log', 'trials', 'ended', 'export'].map((part) => `/studies/:name/${part}`),
];

/** Everything that looks at studies. */
export function studyRoutes(parts: ServerParts): Hono<ServerEnv> {
  const { studies, access } = parts;
  const routes = new Hono<ServerEnv>();
  const named = (c: Context<ServerEnv>) => {
    const name = c.req.param('name')!;
    refuseStudy(c.get('access'), name);
    return name;
  };
  for (const path of longAnswers) routes.get(path, compress());
  routes.get('/session', (c) => {
    const { role, studies: reached } = c.get('access');
    const { version, program } = parts;
    return c.json({ role, studies: reached, version, program });
  });
  routes.get('/studies', async (c) => {
    const { studies: reached } = c.get('access');
    return c.json({ studies: await studies.summaries(reached === 'all' ? undefined : reached) });
  });
  routes.get('/studies/:name', async (c) => {
    const study = await studies.open(named(c));
    const { leaseMs } = study;
    return c.json({
      name: study.name,
      ...shownState(await study.record.state()),
      stopped: await study.isStopped(),
      lease: leaseMs / 1000,
      renewEvery: leaseMs / 3,
    });
  });
  routes.get('/studies/:name/log', (c) => logPart(c, named(c), parts));
  routes.get('/studies/:name/events', (c) => eventStream(c, named(c), parts));
  routes.get('/studies/:name/export', (c) => exported(c, named(c), parts));
  addTrialRoutes(routes, async (c) => {
    const study = await studies.open(named(c));
    return study.worker(workerOf(c) ?? unnamedWorker);
  });
  routes.get('/shares', (c) => {
    if (c.get('access').studies !== 'all')
      throw new HttpError(403, 'ForbiddenError', 'the token is for one study');
    return c.json({ shares: access.shares() });
  });
  return routes;
}

/** The trials of a study as the client sees them. */
function addTrialRoutes(
  routes: Hono<ServerEnv>,
  viewed: (c: Context<ServerEnv>) => Promise<LocalStudy>,
): void {
  routes.get('/studies/:name/best', async (c) => {
    const study = await viewed(c);
    const best = await study.best();
    const front = study.goal.objectives ? { front: (await study.pareto()).map(shownTrial) } : {};
    return c.json({ trial: best ? shownTrial(best) : null, ...front });
  });
  routes.get('/studies/:name/trials', async (c) => {
    const study = await viewed(c);
    const isWithDeleted = flagOf('deleted', c.req.query('deleted'));
    const deleted = isWithDeleted ? { deleted: (await study.deletedTrials()).map(shownTrial) } : {};
    return c.json({ trials: (await study.trials()).map(shownTrial), ...deleted });
  });
  routes.get('/studies/:name/trials/:number', async (c) => {
    const number = countOf('number', c.req.param('number'));
    const trial = await (await viewed(c)).trial(number);
    if (!trial) throw new HttpError(404, 'NotFoundError', `there is no trial ${number}`);
    return c.json({ trial: shownTrial(trial) });
  });
  routes.get('/studies/:name/trials/:number/output', async (c) => {
    const study = await viewed(c);
    return c.json({ lines: await study.output(countOf('number', c.req.param('number'))) });
  });
  routes.get('/studies/:name/ended', async (c) => {
    const trials = await (await viewed(c)).ended(countOf('from', c.req.query('from') ?? '0'));
    return c.json({ trials: trials.map(shownTrial) });
  });
  routes.get('/studies/:name/held', async (c) => c.json({ held: await (await viewed(c)).held() }));
}

/** What a study is, without its trials. */
function shownState({
  created,
  space,
  goal,
  configured,
  note,
  attributes,
  edits,
  facts,
  length,
  trials,
  deleted,
}: StudyState) {
  return {
    space,
    goal: goal ?? created?.goal,
    seed: created?.seed,
    sampler: configured?.sampler,
    program: configured?.program,
    ...{ note, attributes, edits, facts },
    trials: trials.length,
    deleted: deleted.size,
    events: length,
  };
}

/** A part of the log: `from`, at most `limit` events, and where it ends now. */
async function logPart(
  c: Context<ServerEnv>,
  name: string,
  { storage, studies }: ServerParts,
): Promise<Response> {
  const from = countOf('from', c.req.query('from') ?? '0');
  const limit = Math.min(maxEvents, countOf('limit', c.req.query('limit') ?? String(maxEvents)));
  const { record } = await studies.open(name);
  const end = await record.length();
  const events = from < end ? await storage.read(name, from, limit) : [];
  if (events.length === 0) await refuseBeyond(name, from, storage);
  return c.json({ from, events: events.map(withoutOutput), end: Math.max(end, from + events.length) });
}

/**
 * Throws StudyReplacedError for a position behind the end of the log: the study that had it is another one now. The storage is asked, since
 * a study that is open does not know that another process has deleted it.
 */
async function refuseBeyond(name: string, from: number, storage: Storage): Promise<void> {
  if (from > 0 && (await storage.read(name, from - 1, 1)).length === 0)
    throw new StudyReplacedError(`${name}: its log has no position ${from}; begin at 0`);
}

/** The log as server-sent events, from `Last-Event-ID` or `from` on. */
async function eventStream(c: Context<ServerEnv>, name: string, parts: ServerParts): Promise<Response> {
  const { studies, storage, follow, closing, streams } = parts;
  const from = countOf('from', c.req.header('last-event-id') ?? c.req.query('from') ?? '0');
  const access = c.get('access');
  await studies.open(name);
  // All who follow a study share one watch: a position that its log does not have would end the streams of all of them.
  await refuseBeyond(name, from, storage);
  const leave = streams.enter(c.get('client'));
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const ending = new AbortController();
    const end = () => ending.abort();
    stream.onAbort(end);
    closing.addEventListener('abort', end);
    let checks = 0;
    const timer = setInterval(() => {
      checks++;
      if (!access.isValid()) end();
      else if (checks % checksPerBeat === 0) void stream.write(': alive\n\n').catch(end);
    }, checkEvery);
    try {
      if (closing.aborted) return;
      await stream.write(': open\n\n');
      for await (const part of follow(name, from, ending.signal)) {
        if (!access.isValid()) return;
        const id = String(part.from + part.events.length);
        await stream.writeSSE({
          event: 'events',
          id,
          data: JSON.stringify({ ...part, events: part.events.map(withoutOutput) }),
        });
      }
    } catch (error) {
      if (!ending.signal.aborted) await stream.writeSSE({ event: 'error', data: failure(error, parts) });
    } finally {
      clearInterval(timer);
      closing.removeEventListener('abort', end);
      leave();
    }
  });
}

/** Output is asked for by trial: the logs of many trials would be much longer with it. */
function withoutOutput(event: StudyEvent): StudyEvent {
  return event.type === 'printed' ? { ...event, lines: [] } : event;
}

/** What an event stream says at its end where the log cannot be followed. */
function failure(error: unknown, { onError }: ServerParts): string {
  const { status, body } = errorAnswer(error);
  if (status === 500) onError?.(error);
  return JSON.stringify(body);
}

/** The trials as a file. */
async function exported(c: Context<ServerEnv>, name: string, { studies }: ServerParts): Promise<Response> {
  const format = c.req.query('format') ?? 'csv';
  if (format !== 'csv' && format !== 'json') throw new InvalidArgumentError('format', format, 'csv or json');
  const data = studyDataOf(await (await studies.open(name)).record.state());
  if (!data) throw new UnsupportedError('an export', `the study ${name}`);
  // Of this package only what runs outside of Node too.
  const { studyJson, studyTable } = await import('@foothold/sources/text-forms');
  const text = format === 'csv' ? studyTable(data) : studyJson(name, data);
  const type = format === 'csv' ? 'text/csv' : 'application/json';
  return c.body(text, 200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${name}.${format}"`,
  });
}

/** A flag of a query, false where it is absent. Throws InvalidArgumentError. */
function flagOf(argument: string, text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false')
    throw new InvalidArgumentError(argument, text.slice(0, 50), 'true or false');
  return text === 'true';
}

/** A whole number of a path or query. Throws InvalidArgumentError. */
function countOf(argument: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError(argument, text.slice(0, 50), 'a whole number from 0');
  return value;
}
