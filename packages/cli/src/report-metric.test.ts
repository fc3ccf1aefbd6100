import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';
import { reportContent } from './report-content.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-metric-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, 'train.cjs'),
  `const [x, epochs = 1] = process.argv.slice(2).map(Number);
   console.log('speed=7');
   console.log('val_loss=' + ((x - 0.3) ** 2 + 1 / epochs));`,
);
const foothold = commandIn(folder);
const common = [
  '--space',
  '{"x":{"type":"real","low":0,"high":1}}',
  '--metric',
  'val_loss',
  '--storage',
  's',
];
const run = `${process.execPath} train.cjs {x}`;

/** Texts of a report: axis titles, column heads, figures' names, headings. */
function textsOf(html: string): readonly string[] {
  return [...html.matchAll(/<(text|button|dt|h2|p)\b[^>]*>([^<]*)</g)].map(([, , text]) => text!);
}

describe('a report names the metric', { timeout: 60_000 }, () => {
  it.each([
    ['tune --report', ['tune', '--run', run, '--trials', '4', '--report', 'r.html'], 'r.html'],
    ['report, from the log', ['report', 'kept', '--out', 'kept.html'], 'kept.html'],
    [
      'small-to-large',
      ['small-to-large', '--small', run, '--large', run, '--report', 'two.html'].concat([
        '--small-trials',
        '4',
        '--large-trials',
        '3',
      ]),
      'two.html',
    ],
    [
      'several fidelities',
      ['small-to-large', '--run', `${run} {fidelity}`, '--fidelities', '1,3', '--budget', '14'].concat([
        '--report',
        'f.html',
      ]),
      'f.html',
    ],
  ])('%s: on axes, in tables and sentences', async (_, line, file) => {
    const isReport = line[0] === 'report';
    if (isReport) {
      const made = await foothold(['tune', '--run', run, '--trials', '3', '--name', 'kept', ...common]);
      expect(made.code, made.err).toBe(0);
    }
    const { code, err } = await foothold([...line, ...(isReport ? ['--storage', 's'] : common)]);
    expect(code, err).toBe(0);
    const html = readFileSync(join(folder, file), 'utf8');
    if (html.includes('id="foothold-studies"')) {
      // The page takes the name from the study's facts.
      for (const { events } of reportContent(html).studies)
        expect(events).toContainEqual(
          expect.objectContaining({ facts: expect.objectContaining({ metric: 'val_loss' }) }),
        );
      expect(html).toMatch(/<p>Smallest val_loss [\d.e-]+(?: at \w+ \d+)? in trial \d+ of \d+/);
      expect(html).toContain('<th scope="row">val_loss</th>');
      return;
    }
    const texts = textsOf(html);
    // Axis titles, a column of the table, and the summary.
    expect(texts.filter((text) => text === 'val_loss').length).toBeGreaterThan(2);
    expect(texts.some((text) => /(Smallest|Best) val_loss /.test(text))).toBe(true);
    expect(texts).not.toContain('value');
    expect(texts).not.toContain('Value');
  });
});
