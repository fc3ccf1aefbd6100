import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.ts';

interface BannedWord {
  readonly pattern: RegExp;
  /** What to write in its place. */
  readonly instead: string;
}

/**
 * Words of our own that stood for terms of the field (issue 12), in their forms. `words` see text in which camel case is
 * taken apart and hyphens are blanks; `names` see it as it is.
 */
const words: readonly BannedWord[] = [
  [/\bpurses?\b/, 'budget, or what is left of it'],
  [/\bevened\b/, 'standardized'],
  [/\b(doubt(s|ed|ing|ful)?|mistrust(s|ed)?)\b/, 'prior weight of the model without sources'],
  [/\b(trust(s|ed|ing|worthy)?)\b/, 'prior weight, or likelihood power'],
  [/\bfore(tell(s|ing)?|told)\b/, 'predict'],
  [/\b(say(s|ing)?|said) nothing\b/, 'has no information'],
  [/\blisten(s|ed|ing)?\b/, 'uses'],
  [/\bspots?\b/, 'candidates'],
  [/\bplaces\b/, 'candidates, points or positions'],
  [/\bladders?\b/, 'fidelities, or a sequence of jitters'],
  [/\bapart\b/, 'independent, or separate'],
  [/\b(bend(s|ing)?|bent)\b/, 'output warp'],
  [/\bstretch(es|ed|ing)?\b/, 'lengthscale multiplier'],
  [/\bturn(s|ed|ing)? round\b/, 'negatively correlated'],
  [/\breversals?\b/, 'negative correlation'],
  [/\ban own\b/, 'a prior of its own'],
  [/\bof few\b/, 'of one to three sources'],
  [/\b(hope(s|d|ful|fully)?|hoping)\b/, 'expected improvement'],
  [/\bcrowd(s|ed)?\b/, 'lie close together'],
  [/\bspar(e|es|ed)\b/, 'deferred, or free'],
  [/\bdear(er|est)?\b/, 'expensive'],
  [/\banew\b/, 'again'],
  [/\bunless told\b/, '"Default: …"'],
  [/(?<!\b(standard|absolute|median|mean)\s)\bdeviations?\b/, 'standard deviation'],
].map(([pattern, instead]) => ({ pattern, instead }) as BannedWord);

const names: readonly BannedWord[] = [
  { pattern: /\b(rows?|source)(-on|On)\b/, instead: 'projection of trials into the target space' },
  { pattern: /\bsource-?[fF]ocus/, instead: 'the search region of earlier studies' },
  { pattern: /\b(most|fewest|least)(?!Squares|Likely)[A-Z]\w*/, instead: 'maxX or minX' },
];

/** Uses that are the field's or plain English, taken out before the search. `file` limits one to paths that match. */
const legitimate: readonly { readonly use: RegExp; readonly file?: RegExp }[] = [
  { use: /trust regions?/g }, // Eriksson et al. 2019
  { use: /crowding distance/g }, // Deb et al. 2002
  { use: /decimal places/g },
  { use: /server \| listen/g }, // `server.listen` of Node
  {
    use: /\blisten(s|ed|ing)?\b/g,
    file: /packages\/server\/|cli\/src\/.*(mcp|serve)|(docs|changeset)\/(mcp|server)\.md$|-server\.(md|ts)$|benchmarks\/src\/dashboard(-frames)?\.ts$|tests\/(browser\/dashboard-sharing\.test|packed\/describe-packed-library)\.ts$/,
  }, // at a port
  { use: /\blisten\b/g, file: /(storage-sql\/src|tests)\/postgres\/|sql-storage\.md$/ }, // LISTEN and settings of PostgreSQL
  // A member of the state of older logs, which still resume.
  {
    use: /\b(warp )?bend\b/g,
    file: /fit-state\.ts$|gaussian-process\.test\.ts$|state-and-why-of-models\.md$/,
  },
];

/** Files that quote the words: this check and its test. */
const quoting = new Set(['scripts/check-words.ts', 'tests/check-words.test.ts']);

/** Our own words in the text of a file, one line each: `FILE:LINE "word": write …`. */
export function wordsIn(file: string, text: string): readonly string[] {
  const { plain, offsetOf } = plainWords(text);
  const rest = legitimate
    .filter(({ file: only }) => !only || only.test(file))
    .reduce((left, { use }) => left.replaceAll(use, (match) => '-'.repeat(match.length)), plain);
  return [...hits(rest, words).map((hit) => ({ ...hit, at: offsetOf(hit.at) })), ...hits(text, names)]
    .sort((a, b) => a.at - b.at)
    .map(
      ({ at, word, instead }) =>
        `${file}:${text.slice(0, at).split('\n').length} "${word}": write ${instead}`,
    );
}

/** `wordsIn` of every source, page and message that git knows, other than recorded data. */
export function wordFaults(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((file) => /\.(ts|mjs|cjs|js|py|md|html)$/.test(file) && !/\.generated\.ts$/.test(file))
    .filter((file) => !quoting.has(file) && existsSync(join(root, file)))
    .flatMap((file) => wordsIn(file, readFileSync(join(root, file), 'utf8')));
}

/**
 * The words of a text in lower case, camel case and hyphens separated by blanks; other signs between two words become
 * ` | `, so that no phrase crosses a full stop. Line breaks and comment signs count as blanks. `offsetOf` leads back.
 */
function plainWords(text: string): { readonly plain: string; readonly offsetOf: (at: number) => number } {
  const starts: { readonly plain: number; readonly text: number }[] = [];
  let plain = '';
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g)) {
    plain += /^(\n\s*(\*|\/\/|#|>)\s|[\s_-])*$/.test(text.slice(end, index)) ? ' ' : ' | ';
    starts.push({ plain: plain.length, text: index });
    plain += word.toLowerCase();
    end = index + word.length;
  }
  return { plain, offsetOf: (at) => starts.findLast((start) => start.plain <= at)?.text ?? 0 };
}

function hits(text: string, banned: readonly BannedWord[]) {
  return banned.flatMap(({ pattern, instead }) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(({ 0: word, index }) => ({ at: index, word, instead })),
  );
}
