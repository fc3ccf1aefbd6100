export type { Answer } from './ask-tell/answer.ts';
export { type AskTellSession, askTellSession } from './ask-tell/session.ts';
export {
  type BackendTimes,
  type MeasureOptions,
  measureBackend,
  type Operation,
  type TimingProblem,
  timingProblem,
} from './doctor/measure-backend.ts';
export { type Timing, type Worth, worthFrom } from './doctor/worth-from.ts';
export { readSources } from './sources/read-sources.ts';
