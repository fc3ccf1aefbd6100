import type { GenericSchema } from 'valibot';
import { jsonSchemaOf } from './json-schema-of.ts';
import { operationSummaries as summaries } from './operation-summaries.ts';
import { createSchema, operationSchemas, shareSchema } from './operations.ts';

type Json = { readonly [key: string]: unknown };

const error = {
  description: 'What is wrong',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message', 'retry'],
            properties: {
              code: { type: 'string' },
              message: { type: 'string' },
              retry: { type: 'boolean', description: 'whether the same request may succeed later' },
            },
          },
        },
      },
    },
  },
};

/** The OpenAPI 3.1 document of the server, its bodies made of the schemas that check them. */
export function openApiDocument(version: string): Json {
  const operations = Object.fromEntries(
    Object.entries(operationSchemas).map(([op, schema]) => [
      `/api/studies/{name}/${op}`,
      {
        parameters: [study],
        post: { ...post(op, summaries[op as keyof typeof summaries], schema), parameters: workerHeaders(op) },
      },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Foothold', version, license: { name: 'MIT', identifier: 'MIT' } },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: { ...reading, ...changing(), ...operations },
  };
}

const inPath = (name: string, schema: Json = { type: 'string' }) => ({
  name,
  in: 'path',
  required: true,
  schema,
});
const inQuery = (name: string, schema: Json) => ({ name, in: 'query', required: false, schema });
const whole = { type: 'integer', minimum: 0 };
const study = inPath('name');

function get(operationId: string, summary: string, more: Json = {}): Json {
  return { get: { operationId, summary, ...more, responses: answers('200') } };
}

function answers(status: string, type = 'application/json'): Json {
  const schema = type === 'application/json' ? { type: 'object' } : { type: 'string' };
  return { [status]: { description: 'The answer', content: { [type]: { schema } } }, default: error };
}

function post(operationId: string, summary: string, schema: GenericSchema): Json {
  return {
    operationId,
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(schema) } } },
    responses: answers(operationId === 'create' || operationId === 'share' ? '201' : '200'),
  };
}

function workerHeaders(op: string): readonly Json[] {
  const header = (name: string, description: string) => ({
    name,
    description,
    in: 'header',
    required: false,
    schema: { type: 'string' },
  });
  return [
    header('Foothold-Worker', 'The name under which the client holds its trials'),
    ...(op === 'ask'
      ? [header('Idempotency-Key', 'The same key gets the same trials: for an ask whose answer was lost')]
      : []),
  ];
}

const reading: Json = {
  '/api/session': get('session', 'What the token may do'),
  '/api/openapi.json': get('openapi', 'This document'),
  '/api/studies': { ...get('studies', summaries.studies) },
  '/api/studies/{name}': { parameters: [study], ...get('study', summaries.study) },
  '/api/studies/{name}/log': {
    parameters: [study],
    ...get('log', 'Events of the log', { parameters: [inQuery('from', whole), inQuery('limit', whole)] }),
  },
  '/api/studies/{name}/events': {
    parameters: [study],
    get: {
      operationId: 'events',
      summary: 'Events of the log as they come: server-sent events',
      parameters: [inQuery('from', whole)],
      responses: answers('200', 'text/event-stream'),
    },
  },
  '/api/studies/{name}/best': { parameters: [study], ...get('best', summaries.best) },
  '/api/studies/{name}/trials': {
    parameters: [study],
    ...get('trials', summaries.trials, { parameters: [inQuery('deleted', { type: 'boolean' })] }),
  },
  '/api/studies/{name}/trials/{number}': {
    parameters: [study, inPath('number', whole)],
    ...get('trial', 'One trial'),
  },
  '/api/studies/{name}/trials/{number}/output': {
    parameters: [study, inPath('number', whole)],
    ...get('output', 'The last lines that the program of a trial printed'),
  },
  '/api/studies/{name}/ended': {
    parameters: [study],
    ...get('ended', 'Trials in the order in which they ended', { parameters: [inQuery('from', whole)] }),
  },
  '/api/studies/{name}/held': { parameters: [study], ...get('held', 'Running trials of other workers') },
  '/api/studies/{name}/export': {
    parameters: [study],
    get: {
      operationId: 'export',
      summary: 'The trials as a file',
      parameters: [inQuery('format', { enum: ['csv', 'json'] })],
      responses: answers('200', 'text/csv'),
    },
  },
};

function changing(): Json {
  const studies = reading['/api/studies'] as Json;
  const named = reading['/api/studies/{name}'] as Json;
  return {
    '/api/studies': {
      ...studies,
      post: post('create', summaries.create, createSchema),
    },
    '/api/studies/{name}': {
      ...named,
      delete: {
        operationId: 'delete',
        summary: 'Deletes the study',
        parameters: [inQuery('force', { type: 'boolean' })],
        responses: answers('200'),
      },
    },
    '/api/shares': {
      ...get('shares', 'Links that are valid now'),
      post: post('share', 'Makes a link that reads one study for a while', shareSchema),
    },
    '/api/shares/{id}': {
      parameters: [inPath('id')],
      delete: { operationId: 'revoke', summary: 'Ends a link at once', responses: answers('200') },
    },
  };
}
