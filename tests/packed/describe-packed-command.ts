import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { optimize } from '../../packages/foothold/src/index.ts';
import { remoteStudy } from '../../packages/foothold/src/server-remote.ts';
import { root } from '../../scripts/workspace.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { type InstalledNode, installedNodes, majorOf } from './installed-nodes.ts';
import { byName } from './tarballs.ts';

const space = JSON.stringify({ x: { type: 'real', low: -2, high: 2 } });
const optuna = join(root, 'packages/sources/src/fixtures/optuna-study.db.gz');
/** The parameters of that Optuna study. */
const optunaSpace = JSON.stringify({
  lr: { type: 'real', low: 1e-5, high: 0.1, log: true },
  layers: { type: 'int', low: 1, high: 6 },
  act: { type: 'categorical', choices: ['relu', 'gelu'] },
});

/** Tests of the `foothold` command in a folder where npm installed it, on every Node that is here. */
export function describePackedCommand(home: string): void {
  const nodes = installedNodes();
  for (const major of [20, 22, 24])
    if (!nodes.some((node) => majorOf(node) === major))
      it.skip(
        `the command on Node ${major} (skipped: this machine's Nodes are ${nodes.map((n) => n.version)})`,
      );

  describe.each(nodes)('its command on Node $version', { timeout: 120_000 }, (node) => {
    const folder = join(home, `with-${node.version}`);
    const foothold = (args: readonly string[], input?: string) => {
      mkdirSync(folder, { recursive: true });
      const options = { cwd: folder, env: node.env, ...(input !== undefined && { input }) };
      return runCommand(join(home, 'node_modules/.bin/foothold'), args, options);
    };
    const json = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await foothold([...args, '--json']);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as { readonly best: { readonly value: number; readonly name?: string } };
    };
    /** Writes a program that notes each call in `NAME.calls` and prints an expression of its arguments. */
    const program = (name: string, expression: string) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, `${name}.cjs`),
        `const [a, b] = process.argv.slice(2);
         require('node:fs').appendFileSync('${name}.calls', a + ' ' + process.version + '\\n');
         console.log(${expression});`,
      );
      return `node ${name}.cjs`;
    };
    const calls = (name: string) =>
      existsSync(join(folder, `${name}.calls`))
        ? readFileSync(join(folder, `${name}.calls`), 'utf8')
            .trimEnd()
            .split('\n')
        : [];

    it('starts by npx, and prints the version of the package', async () => {
      mkdirSync(folder, { recursive: true });
      const version = byName.get('foothold')!.manifest.version;
      const npx = (...args: string[]) =>
        runCommand('npx', ['--no-install', 'foothold', ...args], { cwd: folder, env: node.env });
      expect(await npx('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
      const { code, stdout, stderr } = await npx('--help');
      expect(code, stderr).toBe(0);
      for (const name of ['tune', 'small-to-large', 'checkpoints', 'ask-tell', 'report', 'doctor'])
        expect(stdout).toContain(name);
    });

    // The Node of this process passes them from the sources; what packing breaks, it breaks on the others too.
    if (node.version !== process.version || nodes.length === 1)
      it('passes the tests of the command in packages/cli', { timeout: 600_000 }, async () => {
        const main = join(home, 'node_modules/foothold/dist/command/main.js');
        const { code, stdout, stderr } = await ownTests(node, main);
        expect(code, stdout + stderr).toBe(0);
        expect(stdout).toMatch(/Tests .*\d+ passed/);
      });

    it('tunes, goes on from a finished study, and writes its report', async () => {
      const run = program('parabola', '(a - 0.5) ** 2');
      const line = ['tune', '--space', space, '--run', `${run} {x}`, '--name', 'packed', '--trials'];
      const first = await json([...line, '6']);
      expect(calls('parabola')).toHaveLength(6);
      expect(calls('parabola')[0]).toContain(node.version);
      const second = await json([...line, '9']);
      expect(calls('parabola')).toHaveLength(9);
      expect(second.best.value).toBeLessThanOrEqual(first.best.value);
      const { code, stderr } = await foothold(['report', 'packed', '--out', 'packed.html']);
      expect(code, stderr).toBe(0);
      const html = readFileSync(join(folder, 'packed.html'), 'utf8');
      expect(html).toMatch(/<p>Smallest value \S+ in trial \d of 9\.<\/p>/);
      expect(html).toContain('id="foothold-page"');
    });

    it('goes on after Ctrl-C where it was', async () => {
      const run = program(
        'slow',
        'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150) && a ** 2',
      );
      const args = ['tune', '--space', space, '--run', `${run} {x}`, '--name', 'stopped', '--trials', '8'];
      expect(await interrupted(node, { home, folder, args }, () => calls('slow').length >= 3)).toBe(130);
      const before = calls('slow').length;
      expect(before).toBeLessThan(8);
      await json(args);
      // At most the trial that Ctrl-C stopped runs twice.
      expect(calls('slow').length).toBeGreaterThanOrEqual(8);
      expect(calls('slow').length).toBeLessThanOrEqual(9);
    });

    it('answers ask-tell', async () => {
      const { code, stdout, stderr } = await foothold(
        ['ask-tell'],
        [
          `{"op":"create","space":${space},"storage":"asked","name":"a"}`,
          '{"op":"ask"}',
          '{"op":"tell","number":0,"value":3}',
          '{"op":"best"}',
        ].join('\n'),
      );
      expect(code, stderr).toBe(0);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines).toHaveLength(4);
      for (const line of lines) expect(line).not.toHaveProperty('error');
    });

    it('loads few files before the first suggestion of ask-tell', async () => {
      const coverage = join(folder, 'coverage');
      const { code, stderr } = await runCommand(join(home, 'node_modules/.bin/foothold'), ['ask-tell'], {
        env: { ...node.env, NODE_V8_COVERAGE: coverage },
        input: `{"op":"create","space":${space}}\n{"op":"ask"}\n`,
      });
      expect(code, stderr).toBe(0);
      const [file] = readdirSync(coverage);
      const { result } = JSON.parse(readFileSync(join(coverage, file!), 'utf8')) as {
        readonly result: readonly { readonly url: string }[];
      };
      const loaded = result.filter(({ url }) => url.includes('/node_modules/'));
      expect(loaded.length).toBeGreaterThan(1);
      expect(loaded.length, loaded.map(({ url }) => url).join('\n')).toBeLessThan(10);
    });

    it('serves its pages, and suggests in a thread, until Ctrl-C', async () => {
      mkdirSync(folder, { recursive: true });
      const args = ['serve', '--port', '0', '--storage', 'served'];
      const child = spawn(join(home, 'node_modules/.bin/foothold'), args, { cwd: folder, env: node.env });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => {
        said.out += chunk;
      });
      child.stderr.on('data', (chunk: Buffer) => {
        said.err += chunk;
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      try {
        await expect.poll(() => said.err, { timeout: 60_000 }).toContain('Ctrl-C ends it');
        const [, url, token] = /^(.*)\/#token=(.*)\n$/.exec(said.out)!;
        const page = await (await fetch(url!)).text();
        const [, script] = /<script [^>]*src="([^"]+)"/.exec(page)!;
        expect((await fetch(new URL(script!, url!))).status).toBe(200);
        const create = { space: JSON.parse(space) };
        const study = await remoteStudy(url!, { name: 'p', token: token!, create });
        await optimize(study, ({ x }) => Number(x) ** 2, { trials: 8 });
        expect(await study.trials()).toHaveLength(8);
      } finally {
        child.kill('SIGINT');
      }
      expect(await ended).toBe(0);
      // A thread that does not start is said there.
      expect(said.err).toMatch(/^serving the studies of served; Ctrl-C ends it\n$/);
    });

    it('has the driver of PostgreSQL, and that of SQLite where Node has it', async () => {
      const run = program('stored', '(a - 0.5) ** 2');
      const line = ['tune', '--space', space, '--run', `${run} {x}`, '--trials', '3', '--storage'];
      // No server is there.
      const absent = await foothold([...line, 'postgres://me@127.0.0.1:1/studies']);
      expect(absent.code).toBe(1);
      expect(absent.stderr).toContain('connect ECONNREFUSED 127.0.0.1:1');
      const { code, stderr } = await foothold([...line, 'sqlite:studies.db']);
      if (majorOf(node) < 22) expect(stderr).toContain('use Node 22.13 or newer');
      else expect(code, stderr).toBe(0);
      expect(calls('stored')).toHaveLength(majorOf(node) < 22 ? 0 : 3);
    });

    it('carries a small problem over to a large one', async () => {
      const [small, large] = [program('small', '(a - 0.5) ** 2'), program('large', '1 + (a - 0.6) ** 2')];
      const { best } = await json([
        ...['small-to-large', '--space', space, '--name', 'two'],
        ...['--small', `${small} {x}`, '--large', `${large} {x}`],
        ...['--small-trials', '8', '--large-trials', '3'],
      ]);
      expect([calls('small').length, calls('large').length]).toEqual([8, 3]);
      expect(best.value).toBeLessThan(1.5);
    });

    it('names the best checkpoint', async () => {
      const run = program('score', '+a + (b === "second" ? 3 : 0)');
      const { best } = await json([
        ...['checkpoints', '--rows', '1,2,3,4', '--columns', 'first,second'],
        ...['--run', `${run} {row} {column}`, '--budget', '8', '--no-stop'],
      ]);
      expect(best.name).toBe('4');
      expect(calls('score')).toHaveLength(8);
    });

    it(`${majorOf(node) < 22 ? 'says that this Node cannot read' : 'reads'} an Optuna database`, async () => {
      const run = program('again', 'a');
      writeFileSync(join(folder, 'optuna.db'), gunzipSync(readFileSync(optuna)));
      const args = ['tune', '--space', optunaSpace, '--run', `${run} {lr} {layers} {act}`, '--trials', '2'];
      const { code, stderr } = await foothold([...args, '--direction', 'maximize', '--from', 'optuna.db']);
      if (majorOf(node) < 22) {
        expect(code).not.toBe(0);
        expect(stderr).toContain('SQLite');
        expect(stderr).toContain('use Node 22.13 or newer');
        expect(calls('again')).toHaveLength(0);
      } else {
        expect(code, stderr).toBe(0);
        expect(calls('again')).toHaveLength(2);
      }
    });
  });
}

/**
 * Tests of packages/cli that start the command and need no SQLite, which the oldest Node lacks. All the others run from the
 * sources alone: together with these on three Nodes they would take a quarter of an hour.
 */
const commandTests = {
  oldest: ['main', 'kept-studies', 'multi-fidelity', 'edit', 'replay', 'ask-tell-leases'],
  others: ['main'],
};

/** Runs tests of packages/cli that start the command, on a built one instead of the sources. */
function ownTests({ program, version }: InstalledNode, main: string): Promise<CommandResult> {
  const names = version.startsWith('v20.') ? commandTests.oldest : commandTests.others;
  const files = names.map((name) => join(root, 'packages/cli/src', `${name}.test.ts`));
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  return runCommand(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files], {
    cwd: root,
    timeout: 580_000,
    env: {
      ...Object.fromEntries(outer),
      NO_COLOR: '1',
      FOOTHOLD_TEST_COMMAND: JSON.stringify([program, main]),
    },
  });
}

/** The exit code of the command when it gets one SIGINT as soon as `ready`. */
function interrupted(
  node: InstalledNode,
  {
    home,
    folder,
    args,
  }: { readonly home: string; readonly folder: string; readonly args: readonly string[] },
  ready: () => boolean,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(home, 'node_modules/.bin/foothold'), args, {
      cwd: folder,
      env: node.env,
      stdio: 'ignore',
    });
    const watch = setInterval(() => {
      if (!ready()) return;
      clearInterval(watch);
      child.kill('SIGINT');
    }, 10);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve(code);
    });
  });
}
