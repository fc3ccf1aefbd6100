import { InvalidArgumentError, StorageError } from '@foothold/core';
import { describeStudy, studyUnderTest } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { remoteStudy } from './remote-study.ts';
import { server, space, token } from './server.fixture.ts';

const create = {
  space: studyUnderTest.space,
  seed: studyUnderTest.seed,
  sampler: 'random',
  lease: studyUnderTest.leaseMs / 1000,
};

describeStudy('remoteStudy', () => {
  const { served, advance } = server({ limits: { rate: 1e6 } });
  const fetch = (url: RequestInfo | URL, init?: RequestInit) =>
    served.fetch(new Request(url, { ...init, headers: { ...init?.headers, host: '127.0.0.1:8080' } }));
  return {
    worker: (worker) => remoteStudy('http://127.0.0.1:8080', { name: 'suite', token, worker, create, fetch }),
    advance,
    close: async () => served.close(),
  };
});

describe('remoteStudy', () => {
  const remote = (more: object = {}) => {
    const { served, ...others } = server();
    const lost = { answers: 0, requests: 0 };
    const fetch = async (url: RequestInfo | URL, init?: RequestInit) => {
      if (lost.requests-- > 0) throw new TypeError('the network is down');
      const answer = await served.fetch(
        new Request(url, { ...init, headers: { ...init?.headers, host: '127.0.0.1:8080' } }),
      );
      if (lost.answers-- > 0) throw new TypeError('the connection was lost');
      return answer;
    };
    const study = () =>
      remoteStudy(`http://127.0.0.1:8080/#token=${token}`, { name: 'a', create: { space }, fetch, ...more });
    return { study, lost, ...others };
  };

  it('takes the token of the link, and says without it what is missing', async () => {
    const { study } = remote();
    expect((await study()).goal).toEqual({ direction: 'minimize' });
    await expect(remoteStudy('http://127.0.0.1:8080', { name: 'a' })).rejects.toThrow(InvalidArgumentError);
    await expect(remoteStudy('file:///tmp/a#token=secret-of-the-test', { name: 'a' })).rejects.toThrow(
      /url is "file:\/\/\/tmp\/a"/,
    );
  });

  it('repeats an ask whose answer was lost, and gets the same trial', async () => {
    const { study, lost } = remote();
    const at = await study();
    lost.answers = 2;
    expect((await at.ask()).number).toBe(0);
    lost.requests = 2;
    expect((await at.ask()).number).toBe(1);
    lost.answers = 1;
    await at.tell(0, { state: 'complete', value: 1 });
    expect((await at.trials()).map(({ state }) => state)).toEqual(['complete', 'running']);
  });

  it('does not repeat an enqueue that may have been done', async () => {
    const { study, lost } = remote();
    const at = await study();
    lost.answers = 1;
    const error: unknown = await at.enqueue({ n: 4 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ retry: false });
    expect((await at.ask()).params).toMatchObject({ n: 4 });
    expect((await at.ask()).params).not.toMatchObject({ n: 4 });
  });

  it('says that a server cannot be reached when its patience is over', async () => {
    const { study, lost } = remote({ patience: 100 });
    const at = await study();
    lost.requests = Infinity;
    const error: unknown = await at.ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ retry: true });
    expect(String(error)).not.toContain(token);
  });

  it('shows no token that a server refuses', async () => {
    const { study } = remote({ token: 'another-token-that-is-wrong' });
    const error: unknown = await study().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(JSON.stringify(error) + String(error)).not.toContain('another-token');
  });
});
