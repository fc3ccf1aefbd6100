import { expect, it } from 'vitest';
import { markdownReport } from './markdown-report.ts';

const textOf = (text: string) => markdownReport({ title: 'a', text, rows: [] }).split('\n')[2];

it.each([
  ['`learning_rate` and `x<1` matter.', '`learning_rate` and `x<1` matter.'],
  ['`a|b`', '`a\\|b`'],
  ['a_b <img> [x](y)', 'a\\_b &lt;img&gt; \\[x\\](y)'],
  [
    'see http://e.example, www.e.example, a@e.example',
    'see http:\\/\\/e.example, www\\.e.example, a\\@e.example',
  ],
  // Backticks that make no span, or another one than it seems.
  ['`<img>', '\\`&lt;img&gt;'],
  ['``<img>`', '\\`\\`&lt;img&gt;\\`'],
  ['`a``<img>`', '\\`a\\`\\`&lt;img&gt;\\`'],
])('shows %j as text, and names of parameters as code', (text, expected) => {
  expect(textOf(text)).toBe(expected);
});
