import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spaceOf } from '@foothold/space';
import { afterAll, describe, expect, it } from 'vitest';
import { itWithPython, itWithTorch, python } from './python.fixture.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const spaces = join(here, 'spaces');
const cli = join(here, '../../packages/cli/src/main.ts');
const trainer = join(here, 'train.py');
const folder = mkdtempSync(join(tmpdir(), 'foothold-trainer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(program: string, words: readonly string[]) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
const readSpace = (family: string) => JSON.parse(readFileSync(join(spaces, `${family}.json`), 'utf8'));

describe('the spaces of the model families', () => {
  it('are five', () => {
    expect(readdirSync(spaces).sort()).toEqual([
      'bert.json',
      'cnn.json',
      'distilbert.json',
      'resnet.json',
      'roberta.json',
    ]);
  });
  it.each(['bert', 'distilbert', 'roberta', 'cnn', 'resnet'])(
    '%s: learning rate, batch size, epochs and one against overfitting, each with a default',
    (family) => {
      const space = spaceOf(readSpace(family));
      const names = Object.keys(space.defaults);
      expect(names.slice(0, 3)).toEqual(['learning_rate', 'batch_size', 'epochs']);
      expect(['dropout', 'weight_decay']).toContain(names[3]);
      expect(space.columns).toHaveLength(4);
    },
  );
});

describe('train.py', { timeout: 120_000 }, () => {
  itWithPython('has help that names the flag of every parameter of every space, without torch', async () => {
    const { code, out } = await start(python, ['-S', trainer, '--help']);
    expect(code).toBe(0);
    for (const family of ['bert', 'resnet'])
      for (const name of Object.keys(readSpace(family))) expect(out).toContain(`--${name.replace('_', '-')}`);
  });
  itWithPython(
    'names models and datasets with their owners, without which the hub’s libraries refuse them',
    async () => {
      const code =
        'from trainer.options import DATASETS, PRETRAINED; print(*DATASETS.values(), *PRETRAINED.values())';
      const { out, err } = await start('env', [`PYTHONPATH=${here}`, python, '-c', code]);
      expect(err).toBe('');
      const names = out.trim().split(' ');
      expect(names).toHaveLength(7);
      for (const name of names) expect(name).toMatch(/^[\w-]+\/[\w-]+$/);
    },
  );
  itWithPython('says what is wrong with a setting, and which tasks a family can learn', async () => {
    const wrong = [
      [
        ['--model', 'bert', '--task', 'imdb', '--learning-rate', '-1'],
        '--learning-rate: -1 is not a number above 0',
      ],
      [
        ['--model', 'bert', '--task', 'imdb', '--epochs', '1.5'],
        "--epochs: '1.5' is not a whole number from 1",
      ],
      [['--model', 'resnet', '--task', 'imdb'], '--task imdb is not for --model resnet; it takes mnist'],
      [['--model', 'resnet', '--task', 'mnist', '--dropout', '0.5'], 'it takes --weight-decay'],
      [
        ['--model', 'cnn', '--task', 'imdb', '--model-path', 'x'],
        '--model-path is for bert, distilbert, roberta',
      ],
    ] as const;
    for (const [words, message] of wrong) {
      const { code, err } = await start(python, [trainer, ...words]);
      expect(code).toBe(2);
      expect(err).toContain(message);
    }
  });
  itWithTorch('is tuned by foothold with the space of its family, on generated data', async () => {
    const run = `${python} ${trainer} --model bert --task squad --dry-run --learning-rate {learning_rate} --batch-size {batch_size} --epochs {epochs} --dropout {dropout}`;
    const words = ['tune', '--space', join(spaces, 'bert.json'), '--run', run, '--trials', '1', '--json'];
    const { code, out, err } = await start(process.execPath, [
      '--conditions=@foothold/source',
      cli,
      ...words,
    ]);
    expect(code, err).toBe(0);
    const { best } = JSON.parse(out);
    expect(best.value).toBeGreaterThanOrEqual(0);
    expect(best.value).toBeLessThanOrEqual(1);
    expect(Object.keys(best.metrics).sort()).toEqual([
      'accuracy',
      'diverged',
      'dry_run',
      'epochs',
      'f1',
      'loss',
      'seconds',
    ]);
  });
  itWithTorch('prints one line with every figure', async () => {
    const { code, out, err } = await start(python, [
      ...[
        trainer,
        '--model',
        'cnn',
        '--task',
        'imdb',
        '--dry-run',
        '--epochs',
        '12',
        '--learning-rate',
        '0.01',
      ],
      ...['--batch-size', '16', '--device', 'cpu'],
    ]);
    expect(code, err).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    const figures = JSON.parse(out);
    expect(Object.keys(figures)).toEqual([
      'value',
      'accuracy',
      'f1',
      'auc',
      'mse',
      'loss',
      'seconds',
      'epochs',
      'diverged',
      'dry_run',
    ]);
    expect(figures.auc).toBeGreaterThan(0.7);
  });
});
