/** About the number of tokens of an English text: one for four characters, one at least where there is any. */
export function approximateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
