import { gunzipSync } from 'node:zlib';
import type { StudyEvent } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { studyReport } from './study-report.ts';

const page = '<title>{{title}}</title><body>{{summary}}{{studies}}</body>';
const shared = { page, writtenAt: Date.UTC(2026, 8, 3, 10), program: 'foothold 0.1.0' };
const created: StudyEvent = {
  type: 'created',
  space: { x: { type: 'real', low: 0, high: 1 } },
  goal: { direction: 'minimize' },
  seed: 1,
  format: 2,
};
const trial = (number: number, value: number, lease = {}): readonly StudyEvent[] => [
  { type: 'asked', number, params: { x: number / 10_000 }, lease: { owner: 'a:1', ...lease } },
  { type: 'told', number, outcome: { state: 'complete', value } },
];

function contentOf(html: string) {
  const [, encoding, text] = /id="foothold-studies"( data-encoding="gzip")?>([^<]*)</.exec(html)!;
  return JSON.parse(encoding ? gunzipSync(Buffer.from(text!, 'base64')).toString() : text!) as {
    readonly studies: readonly { readonly events: readonly StudyEvent[] }[];
    readonly shortened?: number;
  };
}

describe('studyReport', () => {
  it('holds the log, the best trial for readers without scripts, the time and the program', async () => {
    const events = [created, ...trial(0, 0.5), ...trial(1, 0.25)];
    const html = await studyReport({ ...shared, studies: [{ name: 'one', events }] });
    expect(contentOf(html).studies).toEqual([{ name: 'one', events }]);
    expect(html).toContain('<title>one</title>');
    expect(html).toContain('<p>Smallest value 0.25 in trial 1 of 2.</p>');
    expect(html).toContain('<tr><th scope="row">x</th><td>0.0001</td></tr>');
    expect(html).toContain('Written 2026-09-03 10:00 UTC by foothold 0.1.0.');
  });
  it('says of several fidelities the best at the target, of a score matrix what is given', async () => {
    const fidelities = [{ fidelity: 1 }, { fidelity: 3, name: 'three' }];
    const sampler = { name: 'multi-fidelity', options: { fidelity: 'epochs', fidelities } };
    const at = (number: number, epochs: number, value: number): readonly StudyEvent[] => [
      { type: 'asked', number, params: { x: 0.5, epochs }, lease: { owner: 'a:1' } },
      { type: 'told', number, outcome: { state: 'complete', value } },
    ];
    const events = [
      created,
      { type: 'configured', sampler } as StudyEvent,
      ...at(0, 1, 0.1),
      ...at(1, 3, 0.4),
    ];
    const html = await studyReport({ ...shared, studies: [{ name: 'n', events }] });
    expect(html).toContain('<p>Smallest value 0.4 at epochs three in trial 1 of 2.</p>');
    const cells: StudyEvent[] = [
      created,
      { type: 'described', facts: { matrix: { rows: ['a'], columns: ['b'] } } },
      ...trial(0, 1),
    ];
    const summary = 'best row <a>';
    const matrix = await studyReport({ ...shared, studies: [{ name: 'm', events: cells, summary }] });
    expect(matrix).toContain('<p>best row &lt;a&gt;</p>');
    const plain = await studyReport({ ...shared, studies: [{ name: 'm', events: cells }] });
    expect(plain).toContain('<p>1 cells of a score matrix are known.</p>');
  });
  it('compresses the log where that is shorter, and only there', async () => {
    const few = await studyReport({ ...shared, studies: [{ name: 'few', events: [] }] });
    expect(few).not.toContain('data-encoding');
    const events = [created, ...Array.from({ length: 200 }, (_, i) => trial(i, i)).flat()];
    expect(await studyReport({ ...shared, studies: [{ name: 'many', events }] })).toContain('data-encoding');
  });
  it.each([
    '</script><script>alert(1)</script>',
    '<!-- <script>',
    ']]>',
    '{{studies}} $& $1',
    '<img src=x onerror=alert(1)>',
  ])('has no markup of a study, in its name, notes and values: %s', async (text) => {
    const events: StudyEvent[] = [created, { type: 'noted', note: text }, ...trial(0, 1)];
    for (const padding of [0, 200]) {
      const more = Array.from({ length: padding }, (_, i) => trial(i + 1, 2)).flat();
      const study = { name: text, events: [...events, ...more] };
      const html = await studyReport({ ...shared, title: text, studies: [study] });
      expect(contentOf(html).studies).toEqual([study]);
      expect(
        html.match(/<(?!\/?(title|body|main|h1|h2|section|p|table|tbody|tr|th|td|script)\b)/g),
      ).toBeNull();
      expect(html.match(/<script/g)).toHaveLength(1);
      expect(html).not.toContain('<!--');
    }
  });
  it('has no key of a request, and every text but those of parameters as `textOf` gives it', async () => {
    const events: StudyEvent[] = [
      created,
      { type: 'described', facts: { run: 'train --token hush' } },
      ...trial(0, 1, { key: 'k-123' }),
      { type: 'noted', number: 0, note: 'hush', attributes: { host: ['hush'] } },
      { type: 'asked', number: 1, params: { x: 0.5 }, lease: { owner: 'a:1' } },
      { type: 'told', number: 1, outcome: { state: 'failed', reason: 'hush' } },
      { type: 'loaded', number: 2, params: { x: 0.5 }, outcome: { state: 'failed', reason: 'hush' } },
    ];
    const textOf = (text: string) => text.replaceAll('hush', '***');
    const html = await studyReport({ ...shared, studies: [{ name: 'n', events }], textOf });
    const text = JSON.stringify(contentOf(html));
    expect(text).not.toMatch(/hush|k-123/);
    expect(text.match(/\*\*\*/g)).toHaveLength(5);
  });
  it('says why where no trial is complete', async () => {
    const events: StudyEvent[] = [
      created,
      trial(0, 0)[0]!,
      { type: 'told', number: 0, outcome: { state: 'failed', reason: 'no <gpu>' } },
    ];
    const html = await studyReport({ ...shared, studies: [{ name: 'n', events }] });
    expect(html).toContain('1 trials, none of them complete, 1 of them failed.');
    expect(html).toContain('<p>no &lt;gpu&gt;</p>');
  });
  it('leaves out what programs printed where the file would be larger than 1.5 MB, and counts it', async () => {
    let state = 1;
    const line = () => {
      let text = '';
      for (let k = 0; k < 8; k++) {
        state = (state * 48_271) % 2_147_483_647;
        text += state.toString(36);
      }
      return text;
    };
    const printed = (number: number): StudyEvent => ({
      type: 'noted',
      number,
      attributes: { output: Array.from({ length: 200 }, line), host: 'h' },
    });
    const studyOf = (trials: number) => ({
      name: 'n',
      events: [created, ...Array.from({ length: trials }, (_, i) => [...trial(i, i), printed(i)]).flat()],
    });
    const logged = (trials: number) => ({
      name: 'n',
      events: studyOf(trials).events.flatMap((event): readonly StudyEvent[] => {
        if (event.type !== 'noted') return [event];
        const lines = event.attributes!['output'] as readonly string[];
        const [first, last] = [lines.toReversed(), lines].map((of) => ({
          ...{ type: 'printed' as const, number: event.number!, lines: of },
        }));
        return [first!, last!];
      }),
    });
    const whole = contentOf(await studyReport({ ...shared, studies: [logged(20)] }));
    expect(whole.shortened).toBeUndefined();
    const cut = contentOf(await studyReport({ ...shared, studies: [logged(400)] }));
    expect(cut.shortened).toBe(400);
    // The last 20 lines of the newest event of each trial, nothing of those that it replaced.
    for (const [of, count] of [
      [whole, 200],
      [cut, 20],
    ] as const)
      expect([
        ...new Set(of.studies[0]!.events.map((event) => (event.type === 'printed' ? event.lines.length : 0))),
      ]).toEqual([0, count]);
    const small = contentOf(await studyReport({ ...shared, studies: [studyOf(20)] }));
    expect(small.shortened).toBeUndefined();
    const html = await studyReport({ ...shared, studies: [studyOf(400)] });
    expect(html.length).toBeLessThan(1_500_000);
    const { shortened, studies } = contentOf(html);
    expect(shortened).toBe(400);
    const lines = studies[0]!.events.flatMap((event) =>
      event.type === 'noted' ? [(event.attributes!['output'] as readonly string[]).length] : [],
    );
    expect(new Set(lines)).toEqual(new Set([20]));
  });
  it('refuses a page that has no place for the studies', async () => {
    const options = { ...shared, page: '<p>{{title}}{{summary}}</p>', studies: [] };
    await expect(studyReport(options)).rejects.toThrow('{{studies}}');
  });
});
