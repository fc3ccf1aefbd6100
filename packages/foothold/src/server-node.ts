/** The server at a port of Node, its sampler thread, and the page of reports. */
export * from '@foothold/server/node';
