import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benches } from '../benches.ts';
import { type KeptResult, keptResults } from './kept-results.ts';
import { markdownOf } from './markdown-of.ts';

const file = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/** Writes docs/benchmarks.md from every result that is kept, and returns what it did, for a person. */
export function writePage(): string {
  const results = keptResults();
  writeFileSync(file, pageOf(results));
  return `${relative('.', file)}: ${results.length} results`;
}

/** The page of `results`: what was run, where, and what came out. */
export function pageOf(results: readonly KeptResult[]): string {
  const intro = `# Benchmarks

\`pnpm bench page\` writes this page from \`benchmarks/results\`, where \`pnpm bench NAME --keep\` keeps the summary of a run. Peers were measured in
the same run on the same machine; compare ratios, not times of different runs. What a figure means is told in the benchmark's source,
\`benchmarks/src\`, and in the decision that uses it.`;
  return `${[intro, ...results.map(sectionOf)].join('\n\n')}\n`;
}

function sectionOf({ bench, words, seeds, machine, date, commit, summary }: KeptResult): string {
  const quoted = words.map((word) => (word.includes(' ') ? `'${word}'` : word));
  const command = ['pnpm bench', bench, ...(seeds === undefined ? [] : ['--seeds', seeds]), ...quoted].join(
    ' ',
  );
  const { cpu, cores, node, load1 } = machine;
  const load = typeof load1 === 'number' ? `, load ${load1.toFixed(1)} at its start` : '';
  return `## ${[bench, ...words].join(' ')}

${benches[bench]?.about ?? 'A benchmark that is no more'}. \`${command}\` on ${date} at commit ${commit}: ${cpu}, ${cores} cores, Node ${node}${load}.

${markdownOf(summary)}`;
}
