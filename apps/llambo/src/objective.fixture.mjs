/** In place of train.py: a smooth function of the hyperparameters, and the facts of the datasets. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    learner: { type: 'string' },
    dataset: { type: 'string' },
    facts: { type: 'boolean' },
    wrong: { type: 'string' },
  },
});
const all = JSON.parse(readFileSync(new URL('datasets.json', import.meta.url), 'utf8'));
const facts = all[values.dataset];
// NAME=VALUE, or NAME= for one that is missing.
const [name, value] = (values.wrong ?? '').split('=');
const wrong = name ? { [name]: value ? Number(value) : undefined } : {};
if (values.facts) console.log(JSON.stringify({ ...facts, ...wrong }));
else {
  const params = JSON.parse(process.env.FOOTHOLD_PARAMS);
  const loss = Object.values(params).reduce(
    (sum, value, i) => sum + Math.abs(Math.sin(Math.log(value + 1e-9) + i)),
    0,
  );
  const share = loss / Object.keys(params).length;
  const value = facts.classes === undefined ? 0.5 + share : 1 - 0.5 * share;
  console.log(JSON.stringify({ value, generalization: value / 2, seconds: 0 }));
}
