import type { ChartSpec } from './chart-spec.ts';
import { escapeHtml } from './escape-html.ts';
import { shortNumber } from './number-scale.ts';
import { pageScript, pageStyle } from './report-page.ts';
import { toSvg } from './to-svg.ts';
import type { ReportTable } from './trial-table.ts';

export interface ReportOptions {
  readonly title: string;
  /** A sentence below the title. */
  readonly summary?: string | undefined;
  readonly sections: readonly ReportSection[];
  /** Language of the texts, for screen readers. Default: 'en'. */
  readonly language?: string;
}

/** Everything is plain text: markup in it is shown, never run. */
export interface ReportSection {
  readonly title: string;
  /** Paragraphs. */
  readonly text?: string | readonly string[] | undefined;
  /** Figures with their names, as tiles. */
  readonly facts?: readonly { readonly name: string; readonly value: string | number }[] | undefined;
  readonly charts?: readonly ReportChart[] | undefined;
  readonly table?: ReportTable | undefined;
}

export interface ReportChart {
  readonly spec: ChartSpec;
  readonly caption?: string;
  /** The same for a page narrower than 640 pixels. Default: `spec`, which keeps its size there and is scrolled. */
  readonly narrow?: ChartSpec | undefined;
}

/**
 * One HTML file with everything in it: charts as SVG with hover texts, sortable tables, light and dark. It makes no
 * request and works offline; its content policy allows its own style and script and nothing else.
 * Throws InvalidArgumentError for a chart that is not a specification.
 */
export async function report(options: ReportOptions): Promise<string> {
  const parts: string[] = [];
  let count = 0;
  for (const section of options.sections) {
    const charts: string[] = [];
    for (const { spec, caption, narrow } of section.charts ?? []) {
      const drawn = narrow === undefined ? [spec] : [spec, narrow];
      const pictures: string[] = [];
      for (const each of drawn) pictures.push(ownIds(await toSvg(each), `c${count++}-`));
      charts.push(figure(pictures, caption));
    }
    parts.push(sectionOf(section, charts));
  }
  const hash = await sha256(pageScript);
  const title = escapeHtml(options.title);
  const summary =
    options.summary === undefined ? '' : `\n<p class="summary">${escapeHtml(options.summary)}</p>`;
  return `<!doctype html>
<html lang="${escapeHtml(options.language ?? 'en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>${summary}
${parts.join('\n')}
</main>
<div id="tip" role="status" hidden></div>
<script>${pageScript}</script>
</body>
</html>
`;
}

function sectionOf(section: ReportSection, charts: readonly string[]): string {
  const paragraphs =
    section.text === undefined ? [] : typeof section.text === 'string' ? [section.text] : section.text;
  const facts = (section.facts ?? []).map(
    ({ name, value }) =>
      `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(typeof value === 'number' ? shortNumber(value) : value)}</dd></div>`,
  );
  return `<section>
<h2>${escapeHtml(section.title)}</h2>
${paragraphs.map((p) => `<p>${escapeHtml(p)}</p>`).join('\n')}
${facts.length === 0 ? '' : `<dl>${facts.join('')}</dl>`}
${charts.join('\n')}
${section.table === undefined ? '' : tableOf(section.table)}
</section>`;
}

/** A chart with its caption; of two pictures the second is for narrow pages. */
function figure(pictures: readonly string[], caption: string | undefined): string {
  const kinds = pictures.length === 1 ? ['chart'] : ['chart wide', 'chart narrow'];
  // A chart that is wider than the page is scrolled, by keys too.
  const charts = pictures.map((svg, i) => `<div class="${kinds[i]}" tabindex="0">${svg}</div>`).join('');
  return `<figure>${charts}${caption === undefined ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure>`;
}

/** Vega numbers clip paths and gradients from 0 in each drawing; on one page each needs names of its own. Only tags are touched, never text. */
function ownIds(svg: string, prefix: string): string {
  return svg.replaceAll(/<[a-zA-Z](?:"[^"]*"|[^">])*>/g, (tag) =>
    tag
      .replaceAll(/ id="((?:clip|gradient)[\w-]*)"/g, ` id="${prefix}$1"`)
      .replaceAll(/url\(#((?:clip|gradient)[\w-]*)\)/g, `url(#${prefix}$1)`)
      .replaceAll(/ (xlink:href|href)="#((?:clip|gradient)[\w-]*)"/g, ` $1="#${prefix}$2"`),
  );
}

function tableOf(table: ReportTable): string {
  const head = table.columns
    .map((c) => `<th scope="col"><button type="button">${escapeHtml(c)}</button></th>`)
    .join('');
  const rows = table.rows.map((row, i) => {
    const cells = row.map((cell) =>
      typeof cell === 'number'
        ? `<td class="number" data-value="${cell}">${escapeHtml(shortNumber(cell))}</td>`
        : `<td${cell === undefined ? '' : ` title="${escapeHtml(String(cell))}"`}>${cell === undefined ? '' : escapeHtml(String(cell))}</td>`,
    );
    return `<tr${i === table.best ? ' class="best"' : ''}>${cells.join('')}</tr>`;
  });
  const caption = table.caption === undefined ? '' : `<caption>${escapeHtml(table.caption)}</caption>`;
  return `<div class="table" tabindex="0"><table>${caption}<thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
