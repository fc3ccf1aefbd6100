import { serveAskTell } from '@foothold/protocol/serve-ask-tell';
import { programName } from '../program-name.ts';
import { studiesIn } from '../studies-in.ts';

/** `foothold ask-tell`: a conversation on standard input and output, until the input ends. */
export async function askTell(): Promise<void> {
  await serveAskTell(process.stdin, process.stdout, {
    now: () => performance.now(),
    clock: () => Date.now(),
    program: programName(),
    storage: process.env['FOOTHOLD_STORAGE'] || undefined,
    studiesIn,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
}
