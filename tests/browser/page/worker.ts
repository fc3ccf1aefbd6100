import { examine } from './examine.ts';

examine().then(
  (report) => postMessage(report),
  (error: unknown) => postMessage({ error: error instanceof Error ? error.stack : String(error) }),
);
