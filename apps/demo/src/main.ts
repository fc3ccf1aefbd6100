/** `pnpm demo [NAME] [--list] [--backend NAME] [--seed N] [--report FILE]` */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OptimizationError } from 'foothold';
import { backendNamed, backendNames } from './backend-named.ts';
import { braninDemo } from './branin-demo.ts';
import { brotliDemo } from './brotli-demo.ts';
import { checkpointsDemo } from './checkpoints-demo.ts';
import { screenOn } from './screen.ts';

const demos = [brotliDemo, braninDemo, checkpointsDemo];
const list = demos.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n');
const usage = `usage: pnpm demo [NAME] [options]

${list}

  --list            the demos
  --backend <name>  compute backend: ${backendNames.join(', ')} (default wasm)
  --seed <n>        seed of every random choice (default 0)
  --report <file>   where the HTML report goes (default report.html)`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      backend: { type: 'string', default: 'wasm' },
      seed: { type: 'string', default: '0' },
      report: { type: 'string', default: 'report.html' },
    },
  });
  if (values.help || values.list) {
    console.log(values.list ? list : usage);
    return;
  }
  const name = positionals[0] ?? demos[0]!.name;
  const demo = demos.find((d) => d.name === name);
  const seed = Number(values.seed);
  if (!demo || positionals.length > 1 || !Number.isSafeInteger(seed)) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  await demo.run({
    linalg: await backendNamed(values.backend),
    seed,
    report: resolve(process.env['INIT_CWD'] ?? '.', values.report),
    screen: screenOn(process.stdout, process.env),
  });
}

try {
  await main();
} catch (error) {
  const expected = error instanceof OptimizationError || (error instanceof TypeError && 'code' in error);
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}
