import { evaluate } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { remoteStudy } from './remote-study.ts';
import { server, token } from './server.fixture.ts';

const create = {
  space: { x: { type: 'real', low: 0, high: 1 } },
  fidelity: { name: 'epochs', max: 9 },
  seed: 1,
};

describe('a study with a fidelity on a server', () => {
  it('gives each client pieces of a configuration of its own, also after the server is started again', async () => {
    const first = server();
    const clientsOf = ({ served }: ReturnType<typeof server>) => {
      const fetch = (url: RequestInfo | URL, init?: RequestInit) =>
        served.fetch(new Request(url, { ...init, headers: { ...init?.headers, host: '127.0.0.1:8080' } }));
      return Promise.all(
        ['a', 'b'].map((worker) =>
          remoteStudy('http://127.0.0.1:8080', { name: 's', token, worker, create, fetch }),
        ),
      );
    };
    const reached = new Map<number, number>();
    for (const running of [first, server({ storage: first.storage })]) {
      const clients = await clientsOf(running);
      for (let round = 0; round < 10; round++) {
        const both = await Promise.all(clients.map((client) => client.ask()));
        expect(new Set(both.map(({ piece }) => piece!.configuration)).size).toBe(2);
        for (const [i, trial] of both.entries()) {
          const ending = await evaluate(clients[i]!, trial, {
            objective: async (params, { piece, report }) => {
              const { configuration, from, to } = piece!;
              expect(from).toBe(reached.get(configuration) ?? 0);
              reached.set(configuration, to);
              await report(to, Number(params['x']));
              return Number(params['x']);
            },
            ...{ slot: 0, signal: new AbortController().signal },
          });
          expect(ending).toMatchObject({ outcome: { state: 'complete' } });
        }
      }
      running.served.close();
    }
    expect(Math.max(...reached.values())).toBe(9);
  });
  it('is refused as another one where the fidelity differs', async () => {
    const { post } = server();
    expect((await post('/api/studies', { ...create, name: 's' })).status).toBe(201);
    const other = await post('/api/studies', { ...create, name: 's', fidelity: { name: 'epochs', max: 27 } });
    expect(other.status).toBe(400);
  });
});
