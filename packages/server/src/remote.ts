export { type RemoteStudy, type RemoteStudyOptions, remoteStudy } from './remote-study.ts';
