import { Hono } from 'hono';
import type { ServerEnv } from './server-context.ts';

/** A file of the dashboard. */
export interface StaticFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Files by the paths under which they are served, `/index.html` among them: no path leads to anything else. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  map: 'application/json',
};

/** The media type of a file by its name. */
export function mediaType(name: string): string {
  return types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

/** The page and what it loads, for everybody: nothing of a study is in them. */
export function staticRoutes(files: StaticFiles): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get('*', (c) => {
    const { pathname } = new URL(c.req.url);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (!file && pathname === '/') return c.text('Foothold serves studies here: see /api/openapi.json\n');
    if (!file) return c.text('There is no such file.\n', 404);
    // Built files have a hash in their names.
    const isHashed = /-[\w-]{8,}\.\w+$/.test(pathname);
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
  return routes;
}
