/** Stands for a training program: prints a loss for --lr and --width. */
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { lr: { type: 'string' }, width: { type: 'string' } } });
const loss = (Math.log10(Number(values.lr)) + 2.5) ** 2 + (Math.log2(Number(values.width)) - 6) ** 2 / 10;
console.log(JSON.stringify({ loss }));
