import { describe, expect, it } from 'vitest';
import { outputReader } from './output-reader.ts';

const readingOf = (output: string, metric?: string) => {
  const reader = outputReader(metric);
  reader.add(output);
  return reader.end();
};
const readOutcome = (output: string, metric?: string) => readingOf(output, metric).outcome;

const valueIn = (output: string, metric?: string) => {
  const outcome = readOutcome(output, metric);
  return outcome.state === 'complete'
    ? outcome.value
    : outcome.state === 'failed'
      ? outcome.reason
      : outcome.state;
};
const ESC = '\u001b';

describe('a value without a name', () => {
  it.each([
    ['0.25\n', 0.25],
    ['epoch 1 loss 0.9\nepoch 2 loss 0.4', 0.4],
    ['loss: -1.5e-3.', -1.5e-3],
    ['{"value": 0.3, "seconds": 12}\ndone after 7 steps', 0.3],
    ['{"loss": 0.5}', 0.5],
    ['[1, 2]\n.5', 0.5],
    ['12', 12],
    ['v2 model3 score=7', 7],
    ['lr: 0.1\nseconds: 3\n0.25', 0.25],
    ['The result is 0.25.', 0.25],
    ['np.float64(0.25)', 0.25],
    ['"0.25"', 0.25],
    ['{"epoch": 3, "loss": 0.5}', 0.5],
    ['accuracy 0.93\nfinished at 1732200000', 0.93],
    ['value=1 loss=2', 1],
    ["Result: {'loss': 0.5, 'name': 'x'}", 0.5],
    ['{"loss": 0.5, "curve": [3, 2, 1]}', 0.5],
    ["loss tensor(0.2500, device='cuda:0')", 0.25],
  ])('is found in %j', (output, value) => {
    expect(valueIn(output)).toBe(value);
  });
  it.each([
    ['{"loss":0.5,"acc":0.25}', 'several figures: loss, acc; choose with --metric, such as --metric loss'],
    ['{"loss":0.5,"std":0.1,"seconds":12}', 'several figures: loss, std, seconds'],
    ['loss: 0.25\ntime: 12.5', 'several figures: loss, time'],
    ['0.25\nelapsed: 3.5', 'several figures: the number alone (0.25), elapsed'],
    [
      "{'eval_loss': 0.25, 'eval_accuracy': 0.91, 'epoch': 3.0}",
      'several figures: eval_loss, eval_accuracy;',
    ],
    ['took 3 ms for 5 steps', 'no number in the output; its last line: took 3 ms for 5 steps'],
    ['finished in 3.5 s', 'no number in the output'],
    ['0.9\n12:30', 'the value is 12:30, not a plain number'],
    ['accuracy 93%', 'accuracy is 93%, not a plain number'],
    ['1,234.5', 'the value is 1,234.5, not a plain number'],
  ])('O2: is not guessed in %j', (output, reason) => {
    expect(valueIn(output)).toContain(reason);
  });
  it('keeps the other numbers of a JSON line as metrics', () => {
    expect(
      readOutcome('{"value": 1, "seconds": 2, "name": "x", "bad": NaN, "constructor": 4, "gpu": {"mb": 3}}'),
    ).toEqual({
      state: 'complete',
      value: 1,
      metrics: { seconds: 2, 'gpu.mb': 3 },
    });
  });
  it('O2: is said with where it stood', () => {
    expect(readingOf('{"loss": 0.5}').reads).toBe('loss from {"loss": 0.5}');
    expect(readingOf('0.5').reads).toBe('the number from 0.5');
    expect(readingOf('valid.loss = 3', 'loss')).toMatchObject({
      reads: 'valid.loss from valid.loss = 3',
      name: 'valid.loss',
    });
  });
});

describe('a named figure', () => {
  it.each([
    ['loss=0.5 acc=0.9\nloss=0.4 acc=0.95', 'acc', 0.95],
    ['{"loss": 1, "acc": 0.5}\n{"loss": 2}', 'acc', 0.5],
    ['val_loss: 0.1\nloss: 0.3', 'loss', 0.3],
    ['"f1 (macro)": 0.7', 'f1 (macro)', 0.7],
    ['f1 (macro): 0.7', 'f1 (macro)', 0.7],
    ['My final loss = 0.7', 'Final Loss', 0.7],
    ['F6: loss: 0.9\rloss: 0.5\rloss: 0.125\n', 'loss', 0.125],
    ['epoch 1/2 loss: 0.9 loss: 0.5', 'loss', 0.5],
    ["{'eval_loss': 0.25, 'eval_accuracy': 0.91, 'epoch': 3.0}", 'eval_loss', 0.25],
    ['loss: np.float64(0.25)', 'loss', 0.25],
    ["{'loss': np.float64(0.25), 'acc': np.float32(0.5)}", 'loss', 0.25],
    ["loss: tensor(0.2500, device='cuda:0')", 'loss', 0.25],
    ['loss: tensor([0.25], grad_fn=<MeanBackward0>)', 'loss', 0.25],
    ['loss = array(0.25, dtype=float32)', 'loss', 0.25],
    ['loss tf.Tensor(0.25, shape=(), dtype=float32)', 'loss', 0.25],
    ["loss: Decimal('0.25')", 'loss', 0.25],
    ['val_loss 0.25', 'val_loss', 0.25],
    ['| val_loss | 0.25 |', 'val_loss', 0.25],
    ['│ val_loss │ 0.25 │', 'val_loss', 0.25],
    ['| **val_loss** | `0.25` |', 'val_loss', 0.25],
    ['**loss: 0.25**', 'loss', 0.25],
    ['Final loss: 0.93.', 'loss', 0.93],
    ['(loss: 0.93)', 'loss', 0.93],
    ['100%|████| 10/10 [00:01<00:00,  9.8it/s, loss=0.125]', 'loss', 0.125],
    [`${ESC}[1;32mloss${ESC}[0m: ${ESC}[33m0.25${ESC}[0m`, 'loss', 0.25],
    [`${ESC}[01;31m${ESC}[Kloss${ESC}[m${ESC}[K: 0.25`, 'loss', 0.25],
    [`loss: 0.9${ESC}[2K${ESC}[1Gloss: 0.5`, 'loss', 0.5],
    [`${ESC}]8;;http://x/?loss=9${ESC}\\loss: 0.25${ESC}]8;;${ESC}\\`, 'loss', 0.25],
    ['{"train":{"loss":0.9},"valid":{"loss":0.2}}', 'valid.loss', 0.2],
    ['{"a":{"b":[{"loss":0.9},{"loss":0.2}]}}', 'a.b.1.loss', 0.2],
    ['{"loss":[0.9,0.2]}', 'loss.1', 0.2],
    ['{"loss":[0.2]}', 'loss', 0.2],
    ['{\n  "train": {\n    "loss": 0.9\n  },\n  "valid": {\n    "loss": 0.2\n  }\n}', 'valid.loss', 0.2],
    ["{'train': {'loss': 0.9},\n 'valid': {'loss': 0.2}}", 'valid.loss', 0.2],
    ["Epoch 1: {'loss': 0.9}\nEpoch 2: {'loss': 0.5}", 'loss', 0.5],
    ["final: {'loss': 0.5}", 'final.loss', 0.5],
    ['{"valid":{"loss":0.2}}', 'loss', 0.2],
    ['{"loss":0.2,"message":"epoch 3 loss: 0.9"}', 'loss', 0.2],
    ['{"loss":"0.25"}', 'loss', 0.25],
    ['"loss": 0.25,', 'loss', 0.25],
    ["It's done. loss: 0.25, isn't it?", 'loss', 0.25],
    ['2026-11-28 12:30:01,123 INFO trainer: loss: 0.25', 'loss', 0.25],
    ['loss:0.5,acc:0.25', 'loss', 0.5],
    ['Loss: 0.25', 'loss', 0.25],
    ['Loss: 0.9 loss: 0.25', 'loss', 0.25],
    ['{"grö\\u00dfe": 3}', 'größe', 3],
    ['größe = 3', 'größe', 3],
    ['--loss=0.25', 'loss', 0.25],
    ['{ loss: 0.25, acc: 0.5 }', 'loss', 0.25],
    ['begin {\nloss: 0.9\nloss: 0.25', 'loss', 0.25],
  ])('F6, F7, F8, F10: is found in %j by %s', (output, metric, value) => {
    expect(valueIn(output, metric)).toBe(value);
  });
  it.each([
    ['{"train":{"loss":0.9},"valid":{"loss":0.2}}', 'loss occurs as train.loss, valid.loss'],
    ['{"train":{"loss":0.9}}\n{"valid":{"loss":0.2}}', 'loss occurs as train.loss, valid.loss'],
    ['train loss: 0.9 valid loss: 0.2', 'loss occurs as train loss, valid loss'],
    ["train: {'loss': 0.9} valid: {'loss': 0.2}", 'loss occurs as train.loss, valid.loss'],
    ['train/loss 0.9 val/loss 0.2', 'loss occurs as train/loss, val/loss'],
    ['loss: 1,234.5', 'loss is 1,234.5,'],
    ["loss: 1'000", "loss is 1'000,"],
    ['loss: 1 234.5', 'loss is 1 234'],
    ['loss: 1\u202f234', 'loss is 1\u202f234,'],
    ['loss: 0,25', 'loss is 0,25,'],
    ['loss: 0x1F', 'loss is 0x1F,'],
    ['loss: 1_000', 'loss is 1_000,'],
    ['loss: 1.2.3', 'loss is 1.2.3,'],
    ['loss: 12:30', 'loss is 12:30,'],
    ['loss: 93%', 'loss is 93%,'],
    ['loss: 93 %', 'loss is 93 %,'],
    ['loss 93%', 'loss is 93%,'],
    ['loss: 1/2', 'loss is 1/2,'],
    ['loss: 0.25±0.01', 'loss is 0.25±0.01,'],
    ['loss: 3ms', 'loss is 3ms,'],
    ['loss: 2026-11-28', 'loss is 2026-11-28,'],
    ['loss: 1.0D+02', 'loss is 1.0D+02,'],
    ['loss: \u22120.5', 'loss is \u22120.5,'],
    ['loss \u22120.5', 'loss is \u22120.5,'],
    ['loss: ~0.25', 'loss is ~0.25,'],
    ['loss: $5', 'loss is $5,'],
    ['loss: (0.25)', 'loss is (0.25)'],
    ['loss: 0.25...', 'loss is 0.25...,'],
    ['loss: Fraction(1, 4)', 'loss is Fraction(1, 4),'],
    ['loss: tensor([0.5, 0.25])', 'loss is tensor([0.5, 0.25]),'],
    ['{"loss": [0.5, 0.25]}', 'loss is a list of 2,'],
    ['{"loss": null}', 'loss is null,'],
    ['{"loss": {"a": 1}}', 'loss is an object,'],
    ['loss: see below', 'loss is see,'],
    ['| loss | 0.9 | 0.5 |', 'loss is 0.9 and more numbers,'],
    ['loss: 0.5\nloss: nan', 'loss is NaN, not a finite number'],
    ['loss = -inf', 'loss is -Infinity, not a finite number'],
    ['{"loss": NaN}', 'loss is NaN,'],
    ['{"loss": -Infinity}', 'loss is -Infinity,'],
    ['loss: 1e999', 'loss is Infinity,'],
    ['loss: -nan(ind)', 'loss is '],
    ['loss: 1.#INF', 'loss is 1.#INF,'],
    ['loss: 5 million', 5],
    [
      'val_loss: 0.1',
      'no loss in the output: a line with {"loss": 0.5}, loss=0.5 or loss: 0.5; its last line: val_loss',
    ],
    ['', 'no loss in the output: it was empty'],
    ['lossy: 3 closs: 4', 'no loss in the output'],
    ['{"a\\"loss": 3}', 'no loss in the output'],
  ])('F8, F10: is refused with what was seen in %j', (output, reason) => {
    if (typeof reason === 'number') expect(valueIn(output, 'loss')).toBe(reason);
    else expect(valueIn(output, 'loss')).toContain(reason);
  });
  it('stands before more than 1 MiB of output, in pieces cut anywhere', () => {
    const reader = outputReader('loss');
    for (const piece of ['lo', 'ss', ': 0', '.2', '5\r', '\n']) reader.add(piece);
    for (let k = 0; k < 3000; k++) reader.add(`${'saved shard 17 '.repeat(30)}\n`);
    expect(reader.end().outcome).toEqual({ state: 'complete', value: 0.25 });
  });
});
