import { InvalidArgumentError } from '@foothold/core';
import { checkedJson, parsedJson } from '@foothold/protocol';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { GenericSchema, InferOutput } from 'valibot';
import { jsonGuard, keyOf, workerOf } from './guards.ts';
import { HttpError } from './http-error.ts';
import { createSchema, type Operation, operationSchemas, shareSchema } from './operations.ts';
import { refuseRole, type ServerEnv, type ServerParts } from './server-context.ts';
import { operate, remove } from './study-operations.ts';

/** Everything that changes studies. */
export function changeRoutes(parts: ServerParts): Hono<ServerEnv> {
  const { studies, access, limits } = parts;
  const routes = new Hono<ServerEnv>();
  const tooLarge = () => {
    throw new HttpError(413, 'PayloadTooLargeError', `a body has at most ${limits.body} bytes`);
  };
  const guards = [jsonGuard, bodyLimit({ maxSize: limits.body, onError: tooLarge })] as const;
  routes.post('/studies', ...guards, async (c) => {
    refuseRole(c.get('access'), 'write');
    const study = await studies.create(await bodyOf(c, 'create', createSchema));
    return c.json({ ok: true, study }, 201);
  });
  routes.post('/studies/:name/:op', ...guards, async (c) => {
    refuseRole(c.get('access'), 'write');
    const { name, op } = c.req.param();
    if (!Object.hasOwn(operationSchemas, op))
      throw new HttpError(404, 'NotFoundError', `op is one of ${Object.keys(operationSchemas).join(', ')}`);
    const body = await bodyOf(c, op, operationSchemas[op as Operation]);
    const call = { name, worker: workerOf(c), key: keyOf(c), signal: c.req.raw.signal };
    return c.json(await operate(parts, call, { op, body } as Parameters<typeof operate>[2]));
  });
  routes.delete('/studies/:name', async (c) => {
    refuseRole(c.get('access'), 'write');
    await remove(parts, c.req.param('name'), c.req.query('force') === 'true');
    return c.json({ ok: true });
  });
  routes.post('/shares', ...guards, async (c) => {
    refuseRole(c.get('access'), 'write');
    const { study, seconds } = await bodyOf(c, 'share', shareSchema);
    await studies.open(study);
    const { id, token, expires } = await access.share(study, seconds);
    return c.json({ id, token, expires }, 201);
  });
  routes.delete('/shares/:id', (c) => {
    refuseRole(c.get('access'), 'write');
    if (!access.revoke(c.req.param('id')))
      throw new HttpError(404, 'NotFoundError', 'there is no such share');
    return c.json({ ok: true });
  });
  return routes;
}

/** The request's body by its schema. Throws InvalidArgumentError. */
async function bodyOf<S extends GenericSchema>(
  c: Context<ServerEnv>,
  op: string,
  schema: S,
): Promise<InferOutput<S>> {
  const json = parsedJson('the body', await c.req.text());
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InvalidArgumentError('the body', json, 'one JSON object');
  return checkedJson(json, { op, schema });
}
