/** Studies over HTTP: the server's `fetch` handler, and reports in one file. */
export * from '@foothold/server';
