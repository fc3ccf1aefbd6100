/** What a client of the fake server asked for. */
export interface FakeModelRequest {
  /** Number of the request for completions, from 0. */
  readonly number: number;
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  readonly count: number;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly seed: number | undefined;
  /** Alternatives at each token; undefined where no log-probabilities are wanted. */
  readonly logProbabilities: number | undefined;
  readonly isStream: boolean;
  /** The key that came with it. */
  readonly key: string | undefined;
  /** The body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeToken {
  readonly token: string;
  readonly logprob: number;
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[];
}

/** What the server answers. */
export type FakeModelReply =
  /** One text for each completion that was asked for. */
  | string
  /** These completions, however many were asked for. */
  | readonly string[]
  | {
      readonly texts: readonly string[];
      /** Default: a token for four characters. `null`: the answer has no usage. */
      readonly usage?: FakeUsage | null;
      /** For each text its tokens. */
      readonly logProbabilities?: readonly (readonly FakeToken[])[];
      /** Milliseconds before the answer. */
      readonly delay?: number;
    }
  /** An error of HTTP. */
  | {
      readonly status: number;
      readonly message?: string;
      /** Further headers, such as `retry-after`. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** This body as it is, with status 200. */
  | { readonly raw: string }
  /** The connection ends after so many bytes of the answer. */
  | { readonly texts: readonly string[]; readonly cutAfter: number }
  /** No answer ever. */
  | 'silence';

export interface FakeUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
}
