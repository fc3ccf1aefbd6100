import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, defaultClientConditions, type Plugin, type Rolldown } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Name of the file that is built. */
export const reportFile = 'report.html';
/** Name of the file beside it with the licences of the packages whose code is in it. */
export const licenseFile = 'licenses.txt';

/** How packages are found, and how JSX is compiled: the same for the page and its worker. */
export const common = {
  resolve: { conditions: ['@foothold/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
};

/**
 * Makes one HTML file of the page's script and style, and of the model's worker. Scripts are compressed, in base64, and a few
 * lines put them back; the page's policy allows these by their hashes, and nothing else. `{{title}}`, `{{summary}}` and `{{studies}}` stay in it:
 * `studyReport` of `@foothold/server` puts the studies there.
 */
export function singleFile(): Plugin {
  return {
    name: 'single-file',
    // Styles are there when this runs.
    enforce: 'post',
    resolveId: {
      order: 'pre',
      // A report has the worker in itself.
      handler: (id, importer) =>
        id === './start-model-worker.ts' && importer?.endsWith('/model/model-client.ts')
          ? here('src/report/start-model-worker.ts')
          : undefined,
    },
    generateBundle: {
      // What Vite itself does to the script is done by then.
      order: 'post',
      async handler(_, bundle) {
        const files = Object.values(bundle);
        const code = theOne(files.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])));
        const style = theOne(
          files.flatMap((file) => (file.fileName.endsWith('.css') && 'source' in file ? [file.source] : [])),
        );
        if (code.includes('__VITE_PRELOAD__'))
          throw new Error('the script is not as Vite writes it in the end');
        for (const { fileName } of files) if (fileName !== licenseFile) delete bundle[fileName];
        const source = page({ code, style: String(style), worker: await workerCode() });
        this.emitFile({ type: 'asset', fileName: reportFile, source });
      },
    },
  };
}

/** The model's worker as one script that is no module. */
async function workerCode(): Promise<string> {
  const result = await build({
    ...common,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: here('src/model/model-worker.ts'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const { output } = result as Rolldown.RolldownOutput;
  return theOne(output.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])));
}

/** Puts the page's script into the page: from its text, which the policy knows by its hash. */
const loader = `
(async () => {
  const packed = document.getElementById('foothold-page').textContent;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const script = document.createElement('script');
  script.type = 'module';
  script.textContent = await new Response(stream).text();
  document.head.append(script);
})().catch((error) => {
  const text = document.createElement('p');
  text.textContent = 'This browser cannot show more than this summary: ' + error.message;
  document.getElementById('page').prepend(text);
});
`;

interface Parts {
  readonly code: string;
  readonly style: string;
  readonly worker: string;
}

function page({ code, style, worker }: Parts): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(loader)}' '${hashOf(code)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{title}}</title>
<style>${style}</style>
</head>
<body>
<div id="page">
{{summary}}
</div>
{{studies}}
<script type="text/plain" id="foothold-worker" data-encoding="gzip">${packed(worker)}</script>
<script type="text/plain" id="foothold-page" data-encoding="gzip">${packed(code)}</script>
<script>${loader}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

function theOne<T>(found: readonly T[]): T {
  if (found.length !== 1)
    throw new Error(`a report is made of one script and one style, not of ${found.length}`);
  return found[0]!;
}
