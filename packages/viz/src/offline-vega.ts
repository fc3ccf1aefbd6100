import { UnsupportedError } from '@foothold/core';

/** Vega without warnings on the console: a chart that cannot be drawn throws, everything else is in the picture. */
const logger = {
  level: () => logger,
  error: () => logger,
  warn: () => logger,
  info: () => logger,
  debug: () => logger,
};

/** Vega may read data from addresses that a specification names. Charts here carry their data; nothing is loaded. */
const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

function refuse(uri: string): Promise<never> {
  return Promise.reject(
    new UnsupportedError(`loading ${uri}`, 'a chart', 'put the data into the specification'),
  );
}

/** Options of a Vega view, and `logger` of `compile` of Vega-Lite, with which nothing is loaded and nothing printed. */
export const offlineVega = { logger, loader };
