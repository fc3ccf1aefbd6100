import { describe, expect, it } from 'vitest';
import { equalBytes, equalTexts } from './access.ts';
import { readToken, server, space, token } from './server.fixture.ts';

const json = { 'content-type': 'application/json' };
const body = (name: string) => JSON.stringify({ name, space });

describe('a request', () => {
  it.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example:8080', 'localhost.evil.example'])(
    'that reached this machine under the name %s is refused',
    async (host) => {
      const { send } = server();
      for (const path of ['/api/session', '/'])
        expect((await send(path, { headers: { host } })).status).toBe(403);
    },
  );

  it('is taken under the names of this machine and those that are given', async () => {
    const { send } = server({ hosts: ['studies.example'] });
    for (const host of [
      'localhost:8080',
      '127.0.0.1',
      '[::1]:8080',
      '192.168.0.7:8080',
      'studies.example',
      'Studies.example:443',
    ])
      expect((await send('/api/session', { headers: { host } })).status, host).toBe(200);
  });

  it.each([
    ['GET', '/api/studies'],
    ['POST', '/api/studies'],
    ['DELETE', '/api/studies/a'],
    ['OPTIONS', '/api/studies/a'],
  ])('of a page of another origin is refused: %s %s', async (method, path) => {
    const { send, post, get } = server();
    await post('/api/studies', { name: 'a', space });
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:9999' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const init = {
        method,
        headers: { ...json, ...headers },
        ...(method === 'POST' && { body: body('b') }),
      };
      const answer = await send(path, init as RequestInit);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await get('/api/studies'))['studies']).toHaveLength(1);
  });

  it('of its own page, also behind a proxy with TLS, and of an origin that is allowed, is taken', async () => {
    const { send } = server({ hosts: ['studies.example'], origins: ['https://lab.example'] });
    expect((await send('/api/studies', { headers: { origin: 'http://127.0.0.1:8080' } })).status).toBe(200);
    const proxied = { host: 'studies.example', origin: 'https://studies.example' };
    expect((await send('/api/studies', { headers: proxied })).status).toBe(200);
    const allowed = await send('/api/studies', {
      headers: { origin: 'https://lab.example', 'sec-fetch-site': 'cross-site' },
    });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://lab.example',
    ]);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const preflight = await send('/api/studies', {
      method: 'OPTIONS',
      headers: { origin: 'https://lab.example', authorization: '' },
    });
    expect(preflight.status).toBe(204);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    undefined,
  ])('with a body of the type %s is refused: a form cannot send JSON', async (type) => {
    const { send, get } = server();
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    for (const path of ['/api/studies', '/api/studies/a/stop', '/api/shares']) {
      const request = { method: 'POST', headers, body: new TextEncoder().encode(body('b')) };
      expect((await send(path, request)).status).toBe(415);
    }
    expect((await get('/api/studies'))['studies']).toEqual([]);
  });

  it('without a token, or with a wrong one, gets nothing below /api', async () => {
    const { send, post } = server({ limits: { refusals: 1000 } });
    await post('/api/studies', { name: 'a', space });
    const paths = [
      'session',
      'studies',
      'studies/a',
      'studies/a/log',
      'studies/a/events',
      'studies/a/best',
      'openapi.json',
      'shares',
      'none',
    ];
    const wrong = [
      '',
      'Bearer',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      'Bearer x',
      `bearer ${token}`,
    ];
    for (const path of paths)
      for (const authorization of wrong) {
        const answer = await send(`/api/${path}?token=${token}`, { headers: { authorization } });
        expect(answer.status, `${path} ${authorization}`).toBe(401);
        expect(await answer.text()).not.toContain(token);
      }
  });

  it('with the token for reading reads and changes nothing', async () => {
    const { send, post } = server();
    await post('/api/studies', { name: 'a', space });
    const authorization = `Bearer ${readToken}`;
    expect((await send('/api/studies/a/log', { headers: { authorization } })).status).toBe(200);
    const changes = ['studies', 'studies/a/ask', 'studies/a/stop', 'studies/a/rename', 'shares'];
    for (const path of changes)
      expect((await post(`/api/${path}`, {}, { authorization })).status, path).toBe(403);
    expect((await send('/api/studies/a', { method: 'DELETE', headers: { authorization } })).status).toBe(403);
  });

  it('changes nothing on a server that is for reading', async () => {
    const { post, get } = server({ readOnly: true });
    expect(await get('/api/session')).toMatchObject({ role: 'read' });
    expect((await post('/api/studies', { name: 'a', space })).status).toBe(403);
  });
});

describe('limits', () => {
  it('refuse a body that is too large, declared or not', async () => {
    const { send, post } = server({ limits: { body: 1000 } });
    expect((await post('/api/studies', { name: 'a', space, note: 'x'.repeat(2000) })).status).toBe(413);
    const parts = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode(' '.repeat(100)));
        controller.close();
      },
    });
    const streamed = { method: 'POST', headers: json, body: parts, duplex: 'half' } as RequestInit;
    expect((await send('/api/studies', streamed)).status).toBe(413);
  });

  it('refuse an address that is too long', async () => {
    expect((await server().send(`/api/studies?x=${'x'.repeat(5000)}`)).status).toBe(414);
  });

  it('refuse a worker that asks too often, and no other one', async () => {
    const { send, advance } = server({ limits: { rate: 5 } });
    const statuses = async (worker: string) => {
      const answers = [];
      for (let i = 0; i < 12; i++)
        answers.push((await send('/api/session', { headers: { 'foothold-worker': worker } })).status);
      return answers;
    };
    expect(await statuses('a')).toEqual([...Array(10).fill(200), 429, 429]);
    expect((await statuses('b'))[0]).toBe(200);
    advance(1000);
    expect(await statuses('a')).toEqual([...Array(5).fill(200), ...Array(7).fill(429)]);
  });

  it('refuse who may only read and calls itself another worker with each request', async () => {
    const { send } = server({ limits: { rate: 5 }, addressOf: (env) => env as string });
    const authorization = `Bearer ${readToken}`;
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const headers = { authorization, 'foothold-worker': `w${i}` };
      statuses.push((await send('/api/session', { headers }, '10.0.0.1')).status);
    }
    expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
    expect((await send('/api/session', { headers: { authorization } }, '10.0.0.2')).status).toBe(200);
  });

  it('refuse a body that is nested deeper than any request', async () => {
    const { send, post } = server();
    await post('/api/studies', { name: 'a', space });
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const noted = (levels: number) =>
      send('/api/studies/a/note', {
        method: 'POST',
        headers: json,
        body: `{"attributes":{"a":${nested(levels)},"b":"${'['.repeat(200)}\\"["}}`,
      });
    expect(await (await noted(40)).text()).toContain('"ok":true');
    const refused = await noted(1_000_000);
    expect(refused.status).toBe(400);
    const text = await refused.text();
    expect(text).toContain('at most 100 levels deep');
    expect(text.length).toBeLessThan(1000);
  });

  it('refuse guesses of the token of one address, and not the right one of another', async () => {
    const { send } = server({ limits: { refusals: 3 }, addressOf: (env) => env as string });
    const guess = async () =>
      (await send('/api/session', { headers: { authorization: 'Bearer wrong' } }, '10.0.0.1')).status;
    const statuses = [];
    for (let i = 0; i < 8; i++) statuses.push(await guess());
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    expect((await send('/api/session', {}, '10.0.0.2')).status).toBe(200);
  });

  it('let no guest hold the event streams of others, and count those that end no more', async () => {
    const addressOf = String as (env: unknown) => string;
    const { send, post } = server({ limits: { streams: 5, streamsEach: 2 }, addressOf });
    await post('/api/studies', { name: 'a', space });
    const open = (address: string) => send('/api/studies/a/events', {}, address);
    const guest = [await open('10.0.0.1'), await open('10.0.0.1')];
    expect(guest.map(({ status }) => status)).toEqual([200, 200]);
    const refused = await open('10.0.0.1');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'TooManyRequestsError',
        message: 'one client has at most 2 event streams: close some',
      },
    });
    for (const address of ['10.0.0.2', '10.0.0.3', '10.0.0.4'])
      expect((await open(address)).status).toBe(200);
    expect(await (await open('10.0.0.5')).json()).toMatchObject({
      error: { message: 'the server has at most 5 event streams: try again later' },
    });
    await guest[0]!.body!.cancel();
    await expect.poll(async () => (await open('10.0.0.1')).status, { timeout: 20_000 }).toBe(200);
  });

  it('refuse more event streams than there may be, and free the place of one that ends', async () => {
    const { send, post } = server({ limits: { streams: 1 } });
    await post('/api/studies', { name: 'a', space });
    const first = await send('/api/studies/a/events');
    expect(first.status).toBe(200);
    expect((await send('/api/studies/a/events')).status).toBe(429);
    await first.body!.cancel();
    await expect
      .poll(async () => (await send('/api/studies/a/events')).status, { timeout: 20_000 })
      .toBe(200);
  });
});

describe('names', () => {
  it.each([
    '..%2f..%2fetc%2fpasswd',
    '..%5c..%5cboot',

    'a%00b',
    '%ff',
    '__proto__',
    'constructor',
    '%3Cscript%3E',
  ])('lead to no file and no study: %s', async (name) => {
    const { send, post } = server({
      staticFiles: new Map([['/index.html', { type: 'text/html', body: new Uint8Array() }]]),
    });
    for (const path of [
      `/api/studies/${name}`,
      `/api/studies/${name}/log`,
      `/api/studies/${name}/events`,
      `/${name}`,
      `/assets/${name}`,
    ]) {
      const answer = await send(path);
      expect([400, 404], path).toContain(answer.status);
      expect(answer.headers.get('content-type')).not.toContain('html');
    }
    for (const to of [decodeURIComponent(name.replace('%ff', 'ÿ')), '../a', 'a/b'])
      if (!/^\w+$/.test(to)) {
        expect((await post('/api/studies', { name: to, space })).status, to).toBe(400);
      }
  });

  it('of files and storages are taken from no request', async () => {
    const { post } = server();
    for (const more of [
      { storage: '/tmp' },
      { transfer: [{ path: '/etc/passwd' }] },
      { matrix: {} },
      { op: 'create' },
    ]) {
      const answer = await post('/api/studies', { name: 'a', space, ...more });
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
        400,
        'InvalidArgumentError',
      ]);
    }
  });
});

describe('answers', () => {
  it('have the headers that keep a page from running what a study holds', async () => {
    const { send } = server();
    for (const path of ['/', '/none', '/api/session', '/api/none']) {
      const { headers } = await send(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('give script in stored texts as JSON and CSV, never as a page', async () => {
    const { send, post } = server();
    const script = '<script>alert(1)</script>';
    const hostile = { c: { type: 'categorical', choices: [script, 'b'] } };
    await post('/api/studies', { name: 'a', space: hostile });
    await post('/api/studies/a/load', {
      trials: [{ params: { c: script }, state: 'failed', reason: script }],
    });
    await post('/api/studies/a/note', { note: script, attributes: { [script]: script } });
    for (const path of [
      '',
      '/log',
      '/trials',
      '/best',
      '/export?format=csv',
      '/export?format=json',
      '/events',
    ]) {
      const answer = await send(`/api/studies/a${path}`);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type'), path).toMatch(
        /^(application\/json|text\/csv|text\/event-stream)/,
      );
      await answer.body?.cancel();
    }
    const missing = await send(`/api/studies/${encodeURIComponent(script)}`);
    expect(missing.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('show nothing of an error that nobody threw on purpose, which the server hears of', async () => {
    const secret = 'postgres://user:secret@host';
    const storage = {
      read: () => {
        throw new Error(secret);
      },
      append: () => false,
    };
    const { send, errors } = server({ storage });
    const answer = await send('/api/studies/a');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(errors.map(String)).toEqual([`Error: ${secret}`]);
  });

  it('and what is stored hold no token', async () => {
    const { send, post, storage } = server();
    await post('/api/studies', { name: 'a', space });
    await post('/api/studies/a/ask', {}, { 'foothold-worker': 'w', 'idempotency-key': 'k' });
    const share = (await (await post('/api/shares', { study: 'a', seconds: 60 })).json()) as {
      token: string;
    };
    const texts = [JSON.stringify(await storage.read('a', 0))];
    for (const path of [
      'session',
      'studies',
      'studies/a',
      'studies/a/export?format=json',
      'shares',
      'openapi.json',
    ])
      texts.push(await (await send(`/api/${path}`)).text());
    for (const secret of [token, readToken, share.token]) expect(texts.join('')).not.toContain(secret);
  });
});

describe('a share', () => {
  const shared = async () => {
    const parts = server();
    await parts.post('/api/studies', { name: 'a', space });
    await parts.post('/api/studies', { name: 'b', space });
    const share = (await (await parts.post('/api/shares', { study: 'a', seconds: 60 })).json()) as {
      id: string;
      token: string;
    };
    const headers = { authorization: `Bearer ${share.token}` };
    return {
      ...parts,
      share,
      headers,
      status: async (path: string) => (await parts.send(path, { headers })).status,
    };
  };

  it('reads its study and no other, and changes nothing', async () => {
    const { status, post, get, headers } = await shared();
    expect(await get('/api/session', headers)).toMatchObject({ role: 'read', studies: ['a'] });
    expect((await get('/api/studies', headers))['studies']).toMatchObject([{ name: 'a' }]);
    expect(await status('/api/studies/a/log')).toBe(200);
    for (const path of ['', '/log', '/events', '/trials', '/best', '/export'])
      expect(await status(`/api/studies/b${path}`)).toBe(404);
    expect(await status('/api/shares')).toBe(403);
    for (const path of ['studies/a/ask', 'studies/a/stop', 'shares', 'studies'])
      expect((await post(`/api/${path}`, {}, headers)).status).toBe(403);
  });

  it('ends at its time, also for an event stream that is open', { timeout: 30_000 }, async () => {
    const { status, send, headers, advance } = await shared();
    const stream = await send('/api/studies/a/events', { headers });
    expect(await status('/api/studies/a')).toBe(200);
    advance(60_000);
    expect(await status('/api/studies/a')).toBe(401);
    expect(await stream.text()).toContain('"created"'); // it ends by itself
  });

  it('ends when it is revoked', async () => {
    const { status, send, share, get } = await shared();
    expect(await get('/api/shares')).toMatchObject({ shares: [{ id: share.id, study: 'a' }] });
    expect((await send(`/api/shares/${share.id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await status('/api/studies/a')).toBe(401);
    expect((await send(`/api/shares/${share.id}`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('a share of a study that is no more under its name', () => {
  it('goes with the study to its new name, and ends where the study is deleted', async () => {
    const { post, send, get } = server();
    await post('/api/studies', { name: 'a', space });
    const { token: secret } = (await (await post('/api/shares', { study: 'a', seconds: 60 })).json()) as {
      token: string;
    };
    const headers = { authorization: `Bearer ${secret}` };
    await post('/api/studies/a/rename', { to: 'b' });
    await post('/api/studies', { name: 'a', space });
    expect((await get('/api/studies', headers))['studies']).toMatchObject([{ name: 'b' }]);
    expect((await send('/api/studies/a', { headers })).status).toBe(404);
    expect((await send('/api/studies/b', { method: 'DELETE' })).status).toBe(200);
    await post('/api/studies', { name: 'b', space });
    expect((await send('/api/studies/b', { headers })).status).toBe(401);
  });
});

describe('tokens', () => {
  it('that are short are refused without being shown', () => {
    expect(() => server({ token: 'short-one' })).toThrow(/^token is "9 characters", allowed is 16/);
    expect(() => server({ token: 'with spaces in the token' })).toThrow('printable ASCII');
  });

  it('are equal to themselves alone', () => {
    const known = 'write-token-of-the-tests';
    expect(equalTexts(known, known)).toBe(true);
    const others = [...known].map((_, at) => `${known.slice(0, at)}#${known.slice(at + 1)}`);
    for (const other of [...others, '', known.slice(1), known.slice(0, -1), `${known}x`, known + known])
      expect(equalTexts(other, known), other).toBe(false);
  });

  it('are compared to the last byte, wherever they differ', () => {
    // A comparison that ends at the first difference would look at fewer bytes: the reads of both sides are counted.
    const counted = (bytes: Uint8Array) => {
      let reads = 0;
      const proxy = new Proxy(bytes, {
        get: (target, key) => {
          if (/^\d+$/.test(String(key))) reads++;
          return Reflect.get(target, key, target) as unknown;
        },
      });
      return { proxy, reads: () => reads };
    };
    const digest = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
    for (const at of [undefined, 0, 15, 31]) {
      const other = Uint8Array.from(digest);
      if (at !== undefined) other[at]! ^= 1;
      const [a, b] = [counted(digest), counted(other)];
      expect(equalBytes(a.proxy, b.proxy)).toBe(at === undefined);
      expect([a.reads(), b.reads()]).toEqual([32, 32]);
    }
  });
});
