import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { operationSchemas } from './operations.ts';
import { server } from './server.fixture.ts';

type Members = Readonly<Record<string, unknown>>;

describe('the OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1, and has every operation', async () => {
    const document = await server().get('/api/openapi.json');
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    expect(document['openapi']).toBe('3.1.0');
    const paths = document['paths'] as Members;
    for (const op of Object.keys(operationSchemas))
      expect(paths).toHaveProperty([`/api/studies/{name}/${op}`, 'post']);
  });

  it('says of bodies what the server takes: members, and no others', async () => {
    const { paths } = (await server().get('/api/openapi.json')) as {
      readonly paths: Readonly<Record<string, Members>>;
    };
    const bodyOf = (path: string) =>
      (paths[path]!['post'] as { requestBody: { content: Readonly<Record<string, { schema: Members }>> } })
        .requestBody.content['application/json']!.schema;
    expect(bodyOf('/api/studies/{name}/tell')).toMatchObject({
      type: 'object',
      required: ['number'],
      additionalProperties: false,
      properties: {
        number: { type: 'integer', minimum: 0 },
        state: { enum: ['complete', 'failed', 'pruned'] },
      },
    });
    expect(bodyOf('/api/studies')).toMatchObject({ required: ['space'], additionalProperties: false });
    expect(JSON.stringify(bodyOf('/api/studies'))).not.toMatch(/"(op|path|storage)":/);
  });
});
