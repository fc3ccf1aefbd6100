/**
 * The members of the AI SDK's `LanguageModelV3` that are used here, in types of our own: those of `@ai-sdk/provider` need the types of
 * further packages, which a user of ours may not have.
 */
export interface AiSdkLanguageModel {
  readonly modelId: string;
  doGenerate(call: AiSdkCall): PromiseLike<{
    readonly content: readonly { readonly type: string; readonly text?: string }[];
    readonly usage: AiSdkUsage;
    readonly response?: { readonly body?: unknown } | undefined;
  }>;
  doStream(call: AiSdkCall): PromiseLike<{ readonly stream: ReadableStream<AiSdkStreamPart> }>;
}

export interface AiSdkCall {
  prompt: (
    | { role: 'system'; content: string }
    | { role: 'user'; content: { type: 'text'; text: string }[] }
  )[];
  maxOutputTokens?: number;
  temperature?: number;
  seed?: number;
  abortSignal?: AbortSignal;
  providerOptions?: { [provider: string]: { [name: string]: never } };
}

export interface AiSdkUsage {
  readonly inputTokens: { readonly total: number | undefined; readonly cacheRead: number | undefined };
  readonly outputTokens: { readonly total: number | undefined };
}

export interface AiSdkStreamPart {
  readonly type: string;
  readonly delta?: string;
  readonly error?: unknown;
  readonly usage?: AiSdkUsage;
  readonly finishReason?: { readonly raw: string | undefined };
}
