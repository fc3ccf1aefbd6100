import type { CompletionRequest } from '@foothold/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of the model's name and of all that decides a completion, 64 hexadecimal digits. */
export function requestDigest(model: string, request: CompletionRequest): string {
  const { system = '', prompt, maxTokens, temperature, count = 1, logProbabilities, seed } = request;
  const parts = [
    model,
    system,
    prompt,
    maxTokens,
    temperature ?? null,
    count,
    logProbabilities ?? null,
    seed ?? null,
  ];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
}
