export { type Access, type AccessOptions, type Role, randomToken, type Share } from './access.ts';
export { type ServeOptions, type StudyServer, serveStudies } from './serve-studies.ts';
export type { ServerLimits } from './server-limits.ts';
export { mediaType, type StaticFile, type StaticFiles } from './static-files.ts';
