import type { Storage } from '@foothold/core';
import { checkedJson } from '@foothold/protocol';
import { modelTools } from './model-tools.ts';
import { operationTools } from './operation-tools.ts';
import { readingTools } from './reading-tools.ts';
import { safeAnswer } from './safe-answer.ts';
import { type LocalServer, type StudyCalls, studyCalls } from './study-calls.ts';
import type { StudyTool, ToolContext } from './tool.ts';
import { toolError } from './tool-error.ts';
import { type AllowedCommands, tuneTool } from './tune-tool.ts';

export interface StudyToolsOptions {
  /** The server whose operations the tools are. */
  readonly server: LocalServer;
  /** Its storage. */
  readonly storage: Storage;
  /** Of the program, for clients. */
  readonly version: string;
  /** What agents may run. Default: nothing. */
  readonly allowed?: AllowedCommands | undefined;
  /** Hears of what no agent should see: an error that nobody threw on purpose. */
  readonly onError: (error: unknown) => void;
}

/** All tools, for any number of clients. */
export interface StudyTools {
  readonly version: string;
  readonly tools: readonly StudyTool[];
  readonly calls: StudyCalls;
  /** Calls a tool; an error is an answer too. Undefined for a tool that there is not. */
  call(name: string, given: unknown, context: ToolContext): Promise<ToolAnswer | undefined>;
  /** Ends the programs that run, and gives their trials back. The storage stays open: it is the caller's. */
  close(): Promise<void>;
}

export interface ToolAnswer {
  readonly isError: boolean;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The tools of a server of studies. */
export function studyTools({ server, storage, version, allowed, onError }: StudyToolsOptions): StudyTools {
  const calls = studyCalls(server);
  const operations = operationTools(calls);
  const tune = allowed && allowed.commands.length > 0 ? tuneTool(calls, allowed, onError) : undefined;
  const tools = [
    ...operations.tools,
    ...readingTools(calls, storage),
    ...modelTools(storage),
    ...(tune ? [tune.tool] : []),
  ];
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    version,
    tools,
    calls,
    async call(name, given, context) {
      const tool = byName.get(name);
      if (!tool) return undefined;
      try {
        const checked = checkedJson(given, { op: name, schema: tool.schema });
        const answer = await tool.call(checked, context);
        return { isError: false, content: safeAnswer(answer, { isWhole: tool.isWhole === true }) };
      } catch (error) {
        return { isError: true, content: safeAnswer({ error: toolError(error, { given, onError }) }) };
      }
    },
    async close() {
      operations.close();
      await tune?.close();
    },
  };
}
