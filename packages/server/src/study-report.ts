import { InvalidArgumentError } from '@foothold/core';
import { escapedHtml } from './escaped-html.ts';
import { reportedEvents } from './reported-events.ts';
import type { ReportedStudy } from './reported-study.ts';
import { studySummaryHtml } from './study-summary-html.ts';

export interface StudyReportOptions {
  /** The page without studies, as `reportPage` of `@foothold/server/node` reads it. */
  readonly page: string;
  /** In the order in which they are shown. */
  readonly studies: readonly ReportedStudy[];
  /** Default: the name of the only study, else how many there are. */
  readonly title?: string | undefined;
  /** Milliseconds since 1970: what the report says of when it was written. */
  readonly writtenAt: number;
  /** The program that writes it, with its version. */
  readonly program: string;
  /** What a text of the log that is no parameter becomes, such as one without secrets. Default: itself. */
  readonly textOf?: ((text: string) => string) | undefined;
}

/** Bytes of a report above which it has less of what the trials' programs printed. */
const maxBytes = 1_500_000;
/** Last lines of what a program printed that a report has, one after the other until it is small enough. */
const lineLimits = [Infinity, 20, 0];

/**
 * The dashboard's page with these studies inside of it: one HTML file that makes no request. It holds the logs, without the keys of
 * requests to a server. Where it would be larger than 1.5 MB, it has less of what the trials' programs printed, and says so.
 * Throws InvalidArgumentError for a page that is none.
 */
export async function studyReport(options: StudyReportOptions): Promise<string> {
  const { page, studies, writtenAt, program, textOf } = options;
  const title = options.title ?? (studies.length === 1 ? studies[0]!.name : `${studies.length} studies`);
  const texts = { title: escapedHtml(title), summary: '', studies: '' };
  const summaries = studies.map((study) => studySummaryHtml(study, textOf));
  texts.summary = `<main class="page summary">\n<h1>${texts.title}</h1>\n${summaries.join('\n')}\n${writtenLine(options)}\n</main>`;
  for (const lines of lineLimits) {
    const parts = studies.map(({ name, events }) => ({ name, ...reportedEvents(events, { lines, textOf }) }));
    const shortened = parts.reduce((sum, part) => sum + part.shortened, 0);
    const content = {
      ...{ title, writtenAt, program },
      studies: parts.map(({ name, events }) => ({ name, events })),
      ...(shortened > 0 && { shortened }),
    };
    texts.studies = await dataElement('foothold-studies', JSON.stringify(content));
    const whole = filled(page, texts);
    if (lines === 0 || new TextEncoder().encode(whole).length <= maxBytes) return whole;
  }
  throw new Error('unreachable: the last limit is always taken');
}

function writtenLine({ writtenAt, program }: StudyReportOptions): string {
  const moment = `${new Date(writtenAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<p class="muted">Written ${moment} by ${escapedHtml(program)}. Charts, tables and the model need JavaScript.</p>`;
}

/** Puts texts where the page names them; what the texts have of such names stays as it is. Throws InvalidArgumentError where the page lacks one. */
function filled(page: string, texts: Readonly<Record<string, string>>): string {
  const parts = page.split(/\{\{(\w+)\}\}/);
  for (const name of Object.keys(texts))
    if (!parts.some((part, i) => i % 2 === 1 && part === name))
      throw new InvalidArgumentError('page', `a text without {{${name}}}`, 'the page of a report');
  return parts.map((part, i) => (i % 2 === 0 ? part : (texts[part] ?? ''))).join('');
}

/** JSON in an element that is no script: compressed where that is shorter. Nothing in it can end the element. */
async function dataElement(id: string, json: string): Promise<string> {
  const plain = json.replaceAll('<', '\\u003c');
  const packed = base64Of(await gzip(json));
  const isPacked = packed.length < plain.length;
  return `<script type="application/json" id="${id}"${isPacked ? ' data-encoding="gzip"' : ''}>${isPacked ? packed : plain}</script>`;
}

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Bytes that one call turns into characters: more are more arguments than a call may have. */
const portion = 0x6000;

function base64Of(bytes: Uint8Array): string {
  let result = '';
  for (let at = 0; at < bytes.length; at += portion)
    result += btoa(String.fromCharCode(...bytes.subarray(at, at + portion)));
  return result;
}
