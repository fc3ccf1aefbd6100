export { type ConnectionLimits, type ListeningServer, type ListenOptions, listen } from './listen.ts';
export { staticFilesIn } from './node-static-files.ts';
