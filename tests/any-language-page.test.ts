import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-any-language-'));
const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const command = [process.execPath, '--conditions=@foothold/source', footholdMain];
writeFileSync(
  join(folder, 'foothold'),
  `#!/bin/sh\nexec ${command.map((word) => `"${word}"`).join(' ')} "$@"\n`,
);
chmodSync(join(folder, 'foothold'), 0o755);
const env = {
  ...process.env,
  PATH: `${folder}${delimiter}${process.env['PATH']}`,
  // Go compiles its own library for a first program: not optimized and without C in two thirds of the time.
  CGO_ENABLED: '0',
  GOFLAGS: "'-gcflags=all=-N -l'",
};

const programs = codeBlocks(join(root, 'docs/any-language.md')).map(({ language, code }) => ({
  language,
  code,
  name: /^(?:#|\/\/) (tune\.\w+)\n/.exec(code)?.[1] ?? '',
}));
for (const { name, code } of programs) writeFileSync(join(folder, name), code);

/** How each language runs a program, and a command that fails where that cannot be. */
const languages: Readonly<
  Record<
    string,
    { readonly probe: readonly string[]; readonly run: readonly string[]; readonly needs: string }
  >
> = {
  bash: {
    probe: ['bash', '-c', '((BASH_VERSINFO >= 4)) && jq --version && awk 1 </dev/null'],
    run: ['bash'],
    needs: 'bash 4 with jq and awk',
  },
  r: { probe: ['Rscript', '-e', 'library(jsonlite)'], run: ['Rscript'], needs: 'R with jsonlite' },
  julia: { probe: ['julia', '-e', 'using JSON'], run: ['julia'], needs: 'Julia with JSON' },
  go: { probe: ['go', 'version'], run: ['go', 'run'], needs: 'Go' },
};

/** The link that a server of this machine prints, which has no study yet. */
async function link(): Promise<string> {
  const storage = mkdtempSync(join(folder, 'studies-'));
  const server = spawn(join(folder, 'foothold'), ['serve', '--port', '0', '--storage', storage], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(server);
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  return String(line);
}

describe('docs/any-language.md', () => {
  it('has one program for each language, which names its file', () => {
    expect(programs.map(({ language }) => language)).toEqual(Object.keys(languages));
    expect(programs.map(({ name }) => name)).toEqual(['tune.sh', 'tune.R', 'tune.jl', 'tune.go']);
  });

  it.for(programs)(
    'finds the minimum from $language',
    { timeout: 300_000 },
    async ({ language, name }, test) => {
      const { probe, run, needs } = languages[language]!;
      const found = await runCommand(probe[0]!, probe.slice(1)).catch(() => undefined);
      if (found?.code !== 0) test.skip(`${needs} is not on this machine`);
      const result = await runCommand(run[0]!, [...run.slice(1), name], {
        cwd: folder,
        env: { ...env, ...(language === 'go' && { FOOTHOLD_LINK: await link() }) },
        timeout: 240_000,
      });
      expect(result.code, result.stderr).toBe(0);
      expect(Math.abs(Number(result.stdout) - 0.5)).toBeLessThan(0.05);
    },
  );

  it('gives 30 trials to two programs of Go on one study, also where both have one process number', {
    timeout: 300_000,
  }, async (test) => {
    if ((await runCommand('go', ['version']).catch(() => undefined))?.code !== 0)
      test.skip('Go is not on this machine');
    const built = await runCommand('go', ['build', 'tune.go'], { cwd: folder, env, timeout: 240_000 });
    expect(built.code, built.stderr).toBe(0);
    // As in containers: each is process 1. Where this machine cannot do that, they run as they are.
    const isolated = ['unshare', '--map-root-user', '--pid', '--fork'];
    const canUnshare =
      (await runCommand(isolated[0]!, [...isolated.slice(1), 'true']).catch(() => undefined))?.code === 0;
    const [program, ...words] = [...(canUnshare ? isolated : []), './tune'];
    const address = await link();
    const runs = await Promise.all(
      [0, 1].map(() =>
        runCommand(program!, words, {
          cwd: folder,
          env: { ...env, FOOTHOLD_LINK: address },
          timeout: 60_000,
        }),
      ),
    );
    expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0]);
    const [site, token] = address.split('/#token=');
    const answer = await fetch(`${site}/api/studies/go/trials`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { trials } = (await answer.json()) as { readonly trials: readonly { readonly state: string }[] };
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 30 }, () => 'complete'));
  });

  it('ends the shell program at an error, with its message', async (test) => {
    const { probe, needs } = languages['bash']!;
    if ((await runCommand(probe[0]!, probe.slice(1))).code !== 0)
      test.skip(`${needs} is not on this machine`);
    const wrong = programs[0]!.code.replace('"high":2', '"high":-3');
    writeFileSync(join(folder, 'wrong.sh'), wrong);
    const result = await runCommand('bash', ['wrong.sh'], { cwd: folder, env });
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/InvalidArgumentError/);
  });
});
