/**
 * Set-up shared by `npm start` and `npm test`: plain JavaScript for the Node that is there (20.19 or newer), which brings
 * pnpm and the development Node as npm packages.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const windows = process.platform === 'win32';

/** Runs a command in the project's root with this terminal; ends this process with the command's exit code when it fails. */
export function run(command, args, { allowFailure = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: windows && !command.includes('node'),
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
  });
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`);
    process.exit(1);
  }
  const code = result.status ?? 1;
  if (code !== 0 && !allowFailure) process.exit(code);
  return code;
}

let command;
/** The pnpm that package.json names: the installed one where it is that one, else through npx. */
export function pnpmCommand() {
  if (command) return command;
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  const version = wanted.split('@')[1];
  const found = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', shell: windows });
  command = found.status === 0 && found.stdout.trim() === version ? ['pnpm', []] : ['npx', ['-y', wanted]];
  return command;
}

export function pnpm(args, options) {
  const [program, first] = pnpmCommand();
  return run(program, [...first, ...args], options);
}

/** True when everything, not only what the demo needs, is installed. */
export const fullyInstalled = () => existsSync(join(root, 'node_modules', 'vitest', 'package.json'));

/** Installs exactly what the lockfile says. */
export function install(args = []) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Foothold needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false', ...args], {
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}

/** The development Node from the npm package `node`, as installed for this folder of the workspace. */
export function developmentNode(folder) {
  const binary = join(root, folder, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : process.execPath;
}
