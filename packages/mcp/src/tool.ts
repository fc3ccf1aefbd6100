import type { Answer } from '@foothold/protocol';
import type { GenericSchema, InferOutput } from 'valibot';

/** What a call of a tool may do beside answering. */
export interface ToolContext {
  /** Aborts when the client cancels the call. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is, where it wants to know. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** What a client is told of the effects of a tool (Model Context Protocol, tool annotations). */
export interface ToolEffects {
  readonly readOnlyHint: boolean;
  /** It may end or replace what others rely on. */
  readonly destructiveHint: boolean;
  /** A second call with the same arguments changes nothing more. */
  readonly idempotentHint: boolean;
  /** It reaches beyond the studies. */
  readonly openWorldHint: boolean;
}

/** A tool for agents. Its schema is the one that checks its arguments. */
export interface StudyTool {
  readonly name: string;
  readonly description: string;
  readonly schema: GenericSchema;
  readonly effects: ToolEffects;
  /** Its answer is never cut: the agent has to know all of it. */
  readonly isWhole?: boolean;
  /** Throws typed errors, which the agent gets as the tool's error. */
  call(given: unknown, context: ToolContext): Promise<Answer>;
}

/** The tool, with the arguments of its call typed by its schema. */
export function studyTool<S extends GenericSchema>(tool: {
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  readonly effects: ToolEffects;
  readonly isWhole?: boolean;
  readonly call: (given: InferOutput<S>, context: ToolContext) => Promise<Answer>;
}): StudyTool {
  return tool as unknown as StudyTool;
}

const inStudies = { destructiveHint: false, openWorldHint: false };
/** Looks and changes nothing. */
export const reads: ToolEffects = { ...inStudies, readOnlyHint: true, idempotentHint: true };
/** Adds to a log, each time it is called. */
export const adds: ToolEffects = { ...inStudies, readOnlyHint: false, idempotentHint: false };
/** Writes what is then so; a second call changes nothing. */
export const sets: ToolEffects = { ...inStudies, readOnlyHint: false, idempotentHint: true };
/** Ends what others may have. */
export const ends: ToolEffects = { ...sets, destructiveHint: true };
/** Runs programs of this machine. */
export const runs: ToolEffects = { ...adds, destructiveHint: true, openWorldHint: true };
