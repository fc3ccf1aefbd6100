export { type ConnectionLimits, type ListeningServer, type ListenOptions, listen } from './listen.ts';
export { type SamplerThreadOptions, samplerThread } from './node-sampler-thread.ts';
export { staticFilesIn } from './node-static-files.ts';
export { reportPage } from './report-page.ts';
