/** Stands for a program that trains from its checkpoint on: epochs after --from up to --to, with what --checkpoint holds and is to hold. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values } = parseArgs({ options: { from: text, to: text, checkpoint: text, lr: text, width: text } });
const file = join(values.checkpoint, 'model.json');
const { epoch } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { epoch: 0 };
if (epoch !== Number(values.from)) throw new Error(`the checkpoint is of epoch ${epoch}, not ${values.from}`);
const end = (Math.log10(Number(values.lr)) + 2.5) ** 2 + (Math.log2(Number(values.width)) - 6) ** 2 / 10;
let loss;
for (let step = epoch + 1; step <= Number(values.to); step++) {
  loss = end + 1 / step;
  console.log(JSON.stringify({ step, loss }));
}
writeFileSync(file, JSON.stringify({ epoch: Number(values.to) }));
console.log(JSON.stringify({ loss }));
