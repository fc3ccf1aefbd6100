/**
 * `npm start`: installs what the demo needs and runs it. Further words go to the demo: `npm start -- --seed 1`. In a terminal it goes on
 * with the dashboard of the demo's studies, until Ctrl-C; without one it leaves nothing running.
 */

import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { developmentNode, fullyInstalled, install, pnpm, root, run } from './setup.mjs';

// Ctrl-C goes to the demo too, which keeps what is finished: this process waits for it.
process.on('SIGINT', () => {});
const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
const demo = ['--prod', '--filter', '@foothold/app-demo...'];
const demoAndDashboard = ['app-demo', 'app-dashboard', 'cli'].flatMap((name) => [
  '--filter',
  `@foothold/${name}...`,
]);
install(fullyInstalled() ? [] : isTerminal ? demoAndDashboard : demo);
const node = developmentNode('apps/demo');
const fromSource = (path, words) => run(node, ['--conditions=@foothold/source', join(root, path), ...words]);

// The demo moves its studies here when it comes to its end.
const studies = resolve(process.env.INIT_CWD ?? '.', 'foothold-studies', 'demo-finished');
if (isTerminal) rmSync(studies, { recursive: true, force: true });
fromSource('apps/demo/src/main.ts', [
  ...(isTerminal ? ['--keep-studies', studies] : []),
  ...process.argv.slice(2),
]);

if (existsSync(studies) && isTerminal) {
  const built = join(root, 'packages/server/dist/dashboard');
  if (!existsSync(built)) {
    console.log('Building the dashboard of these studies …');
    pnpm([
      '--filter',
      '@foothold/app-dashboard',
      'exec',
      'vite',
      'build',
      '--logLevel',
      'warn',
      '--outDir',
      built,
    ]);
  }
  console.log('The dashboard of these studies (Ctrl-C ends it):');
  fromSource('packages/cli/src/main.ts', ['dashboard', '--storage', studies]);
}
