export { type Answer, type AskTellSession, askTellSession } from './ask-tell/session.ts';
export { type BackendTimes, measureBackend } from './doctor/measure-backend.ts';
