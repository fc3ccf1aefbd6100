import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/workspace.ts';
import { userEnvironment } from './user-environment.ts';

export interface InstalledNode {
  /** As `v20.20.2`. */
  readonly version: string;
  /** Path of its program. */
  readonly program: string;
  /** A user's environment in which `node` is this one. */
  readonly env: NodeJS.ProcessEnv;
}

/** The Nodes that the command must run on: the machine's own, 22 (a package of this folder), and the one of this process. */
export function installedNodes(): readonly InstalledNode[] {
  const twentyTwo = join(root, 'tests/packed/node_modules/node22/bin');
  const environments = [
    userEnvironment(),
    userEnvironment({ first: twentyTwo }),
    userEnvironment({ first: dirname(process.execPath) }),
  ];
  const nodes = new Map<string, InstalledNode>();
  for (const env of environments) {
    const say = (expression: string) =>
      execFileSync('node', ['-p', expression], { env, encoding: 'utf8' }).trim();
    const version = say('process.version');
    nodes.set(version, { version, program: say('process.execPath'), env });
  }
  return [...nodes.values()];
}

export const majorOf = ({ version }: InstalledNode) => Number(version.slice(1).split('.')[0]);
