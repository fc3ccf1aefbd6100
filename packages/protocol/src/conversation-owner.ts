import { processName, processRuns } from '@foothold/study';

/** The name under which a conversation has its trials. No other conversation of this process has it. */
export interface ConversationOwner {
  readonly name: string;
  /** The conversation has ended: other conversations of this process get its trials at once. */
  end(): void;
}

let begun = 0;
const open = new Set<string>();

/** For a conversation that begins now. */
export function conversationOwner(): ConversationOwner {
  const name = processName(`${++begun}`);
  open.add(name);
  return { name, end: () => void open.delete(name) };
}

let prefix: string | undefined;

/** As `processRuns`, and false for a conversation of this process that has ended. */
export function conversationRuns(owner: string): boolean | undefined {
  prefix ??= processName('');
  const runs = processRuns(owner);
  return runs && owner.startsWith(prefix) ? open.has(owner) : runs;
}
