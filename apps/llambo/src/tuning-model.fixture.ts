import { seeded } from '@foothold/core';
import type { FakeModelReply, FakeModelRequest } from '@foothold/testing/fake-model-server';

/** A provider's model that knows nothing: random configurations within the ranges of the prompt, plain predictions. */
export function tuningModel(request: FakeModelRequest): FakeModelReply {
  const { prompt, count, seed = 0 } = request;
  const rng = seeded(`${seed} ${prompt.length}`);
  const each = (text: () => string) => Array.from({ length: count }, text);
  if (prompt.includes('Answer with the digit 1')) return '1';
  if (prompt.includes('Propose')) {
    const wanted = Number(/Propose (\d+)/.exec(prompt)?.[1] ?? 1);
    const ranges = [...prompt.matchAll(/^- (\S+): a (whole )?number from (\S+) to ([^\s,;]+)/gm)];
    const line = () =>
      `## ${ranges
        .map(([, name, whole, low, high]) => {
          const value = Number(low) + rng.next() * (Number(high) - Number(low));
          return `${name}: ${whole ? Math.round(value) : value.toPrecision(6)}`;
        })
        .join(', ')} ##`;
    return each(() => Array.from({ length: wanted }, line).join('\n'));
  }
  if (!prompt.includes('this one digit')) {
    const values = [...prompt.matchAll(/=> (-?[\d.e-]+)$/gm)].map(([, value]) => Number(value));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return each(() => `## ${(mean * (0.9 + 0.2 * rng.next())).toPrecision(6)} ##`);
  }
  const one = rng.next();
  const token = (text: string, p: number) => ({ token: text, logprob: Math.log(p) });
  const top_logprobs = [token('1', one), token('0', 1 - one)];
  const texts = each(() => '1');
  return { texts, logProbabilities: texts.map(() => [{ ...token('1', one), top_logprobs }]) };
}
