import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { postgresForTests } from '../postgres/src/postgres-for-tests.ts';
import { runCommand } from '../run-command.ts';
import { installedNodes } from './installed-nodes.ts';

const said =
  'this installation does not support a job queue: pg-boss is not installed; npm install pg-boss@12.20.0 adds it\n';

/** Tests of `foothold worker` and `foothold/worker` in a folder where npm installed `foothold` without its optional peer pg-boss. */
export function describePackedWorker(home: string): void {
  const postgres = postgresForTests();

  it.each(installedNodes())('says on Node $version that pg-boss is missing', async ({ env }) => {
    const address = postgres.newAddress();
    writeFileSync(join(home, 'objective.mjs'), 'export default ({ x }) => x * x;\n');
    writeFileSync(
      join(home, 'queue.mjs'),
      `import { trialQueue } from 'foothold/worker';
       const queue = { address: '${address}', call: 'x', retries: 0 };
       await trialQueue(queue).catch(({ name, message }) => console.log(name + ': ' + message));`,
    );
    const options = { cwd: home, env: { ...env, PGPASSWORD: postgres.server.password } };
    const study = ['--space', '{"x":{"type":"real","low":0,"high":1}}', '--trials', '2', '--name', 'a'];
    const line = ['worker', '--storage', address, ...study, '--module', 'objective.mjs'];
    const [command, library] = await Promise.all([
      runCommand(join(home, 'node_modules/.bin/foothold'), line, options),
      runCommand('node', ['queue.mjs'], options),
    ]);
    expect(command).toEqual({ code: 1, stdout: '', stderr: `foothold: ${said}` });
    expect(library).toEqual({ code: 0, stdout: `UnsupportedError: ${said}`, stderr: '' });
  });
}
