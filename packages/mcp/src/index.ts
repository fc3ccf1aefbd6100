export type { CommandParameter } from './allowed-space.ts';
export { type McpHttp, type McpHttpOptions, mcpHttp } from './mcp-http.ts';
export { mcpStdio, type StdioOptions } from './mcp-stdio.ts';
export type { LocalServer } from './study-calls.ts';
export { type StudyTools, type StudyToolsOptions, studyTools, type ToolAnswer } from './study-tools.ts';
export type { StudyTool, ToolContext, ToolEffects } from './tool.ts';
export type { AllowedCommands, EvaluationOptions } from './tune-tool.ts';
