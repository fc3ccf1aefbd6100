import { InvalidArgumentError as InvalidFlag } from 'commander';

/** What reads a flag's whole number from `from` on. It throws commander's error for another text. */
export function whole(from: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isSafeInteger(value) || value < from)
      throw new InvalidFlag(`Allowed is a whole number from ${from}.`);
    return value;
  };
}
