/** `pnpm build:python`: the wheel of integrations/python in its folder `dist`, checked by twine. Its last line is the wheel's path. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pythonEnvironment, pythonFolder, pythonMissing } from '../../tests/python/python-environment.ts';
import { runCommand } from '../../tests/run-command.ts';
import { root } from '../workspace.ts';

const out = resolve(process.argv[2] ?? join(pythonFolder, 'dist'));
const missing = await pythonMissing();
if (missing !== undefined) {
  console.error(`the wheel cannot be built: ${missing}`);
  process.exit(1);
}
const { python } = await pythonEnvironment('wheel');

/** Copies the command of the npm package, which needs no other package, and says its version beside it. Throws where it is not built. */
function copyCommand(engine: string): void {
  const built = join(root, 'packages/foothold/dist/command');
  if (!existsSync(built)) throw new Error(`${built} is not there: run \`pnpm build\` first`);
  cpSync(built, engine, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'packages/foothold/package.json'), 'utf8'));
  writeFileSync(
    join(engine, 'package.json'),
    `${JSON.stringify({ name: 'foothold', version, type: 'module' })}\n`,
  );
}

/** Runs a module of the environment; ends this program with what it printed where it fails. */
async function runModule(name: string, ...args: readonly string[]): Promise<void> {
  const result = await runCommand(python, ['-m', name, ...args], { timeout: 300_000 });
  if (result.code === 0) return;
  console.error(`${name} ended with ${result.code}\n${result.stdout}${result.stderr}`);
  process.exit(1);
}

// In a copy: what is built is never among the sources, and two builds at a time do not meet.
const folder = mkdtempSync(join(tmpdir(), 'foothold-wheel-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const name of ['pyproject.toml', 'README.md', 'LICENSE', 'src'])
  cpSync(join(pythonFolder, name), join(folder, name), {
    recursive: true,
    filter: (path) => !/__pycache__|\/engine$/.test(path),
  });
copyCommand(join(folder, 'src/foothold/engine'));
const built = join(folder, 'dist');
await runModule('build', '--wheel', '--no-isolation', '--outdir', built, folder);
const [wheel] = readdirSync(built);
await runModule('twine', 'check', '--strict', join(built, wheel!));
mkdirSync(out, { recursive: true });
cpSync(join(built, wheel!), join(out, wheel!));
console.log(join(out, wheel!));
