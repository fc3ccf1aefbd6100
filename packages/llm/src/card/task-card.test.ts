import {
  boolean,
  categorical,
  integer,
  logInteger,
  logUniform,
  ordinal,
  searchSpace,
  uniform,
} from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { TaskCardError } from '../errors.ts';
import { parametersOf } from './parameters-of.ts';
import { card, space } from './task-card.fixture.ts';
import { taskCard } from './task-card.ts';
import { taskCardJsonSchema } from './task-card-json-schema.ts';
import { taskContexts, taskText } from './task-text.ts';

const problem = { space, direction: 'maximize' } as const;
/** The card with one member, named by its path, replaced or taken out. */
function withMember(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(card)) as Record<string, unknown>;
  const names = path.split('.');
  let inner = copy;
  for (const name of names.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  if (value === undefined) delete inner[names.at(-1)!];
  else inner[names.at(-1)!] = value;
  return copy;
}

describe('taskCard', () => {
  it('takes a card that says what the space says', () => {
    expect(taskCard(JSON.parse(JSON.stringify(card)), problem)).toEqual(card);
  });

  it.each([
    ['model', undefined],
    ['model', ''],
    ['metric', 7],
    ['samples', -1],
    ['samples', 1.5],
    ['classes', 1],
    ['features.total', 'many'],
    ['features.total', 63],
    ['facts', ['a', 7]],
    ['temperature', 1],
    ['direction', 'up'],
    ['direction', 'minimize'],
    ['hyperparameters.lr', undefined],
    ['hyperparameters.alpha', {}],
    ['hyperparameters.lr.low', 1e-6],
    ['hyperparameters.lr.high', 1],
    ['hyperparameters.lr.log', false],
    ['hyperparameters.lr.type', 'int'],
    ['hyperparameters.lr.choices', [1, 2]],
    ['hyperparameters.layers.low', 0],
    ['hyperparameters.optimizer.choices', ['sgd', 'adam']],
    ['hyperparameters.optimizer.high', 3],
    ['hyperparameters.lr.scale', 'log'],
  ])('names %s where it is %j', (field, value) => {
    try {
      taskCard(withMember(field, value), problem);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TaskCardError);
      expect((error as TaskCardError).field.startsWith(field)).toBe(true);
      expect((error as Error).message).toContain('allowed is');
    }
  });

  it.each([null, 'card', [], 7])('refuses %j as a whole', (json) => {
    expect(() => taskCard(json, problem)).toThrow(TaskCardError);
  });

  it('names what is wrong on one short line, whatever the card holds', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 1e5; depth++) deep = [deep];
    const circle: Record<string, unknown> = {};
    circle['model'] = circle;
    const hostile = [
      { ...card, facts: deep },
      { ...card, model: deep },
      { ...card, model: circle },
      { ...card, samples: 3n },
      { ...card, model: 7, ['y'.repeat(1e5)]: 1 },
      { ...card, ['y\u001b[2J\u202e'.repeat(1000)]: 1 },
      { ...card, samples: `a\u202e${'b'.repeat(1e5)}` },
      JSON.parse(`{"__proto__": {}, ${JSON.stringify(card).slice(1)}`),
    ];
    for (const json of hostile) {
      const refused = expect(() => taskCard(json, problem));
      refused.toThrow(TaskCardError);
      refused.toThrow(/^task card: [^\p{Cc}\p{Cf}]{1,600}$/u);
    }
  });

  it('has a JSON schema that names its members', () => {
    const schema = taskCardJsonSchema() as {
      required: string[];
      properties: object;
      additionalProperties: boolean;
    };
    expect(schema.required).toEqual(['model', 'task', 'metric', 'direction', 'hyperparameters']);
    expect(Object.keys(schema.properties)).toEqual([
      ...[
        'model',
        'task',
        'samples',
        'features',
        'classes',
        'metric',
        'direction',
        'hyperparameters',
        'facts',
      ],
    ]);
    expect(schema.additionalProperties).toBe(false);
  });
});

describe('taskText', () => {
  const text = (context: 'none' | 'partial' | 'full') => taskText(taskCard(card), { space, context });

  it.each(taskContexts)('reads well in the context %s', async (context) => {
    await expect(`${text(context)}\n`).toMatchFileSnapshot(`fixtures/task-text-${context}.txt`);
  });

  it('leaves out of each context what it is not to show, and nothing that a smaller one has but the word for the metric', () => {
    const ofData = [
      'classification of images',
      '1797',
      '64',
      '10 classes',
      'cross-validated accuracy',
      'learning rate',
      'rarely pay',
    ];
    for (const words of ofData) {
      expect(text('none')).not.toContain(words);
      expect(text('partial')).toContain(words);
      expect(text('full')).toContain(words);
    }
    for (const fact of card.facts) {
      expect(text('none')).not.toContain(fact);
      expect(text('partial')).not.toContain(fact);
      expect(text('full')).toContain(fact);
    }
    for (const context of taskContexts)
      for (const words of ['multilayer perceptron', 'maximize', 'lr', '0.00001', 'RMS prop', 'at most 4.5'])
        expect(text(context)).toContain(words);
  });

  it('shows the parameters in the order that is wanted', () => {
    const order = ['momentum', 'lr', 'optimizer'];
    const lines = taskText(taskCard(card), { space, context: 'none', order }).split('\n');
    expect(lines.filter((line) => line.startsWith('- ')).map((line) => /\w+/.exec(line)![0])).toEqual(order);
  });
});

describe('parametersOf', () => {
  const shape = {
    a: uniform(-1, 2),
    b: logUniform(1e-6, 1e3),
    c: integer(0, 7),
    d: logInteger(16, 512),
    e: categorical('x', 'y', null),
    f: boolean(),
    g: integer(3, 3),
    h: ordinal(16, 32, 64),
  };

  it('tells of a space without a description what the description would', () => {
    const plain = searchSpace(shape);
    const { description: _, ...bare } = plain;
    const told = parametersOf(bare)!;
    expect([...told.keys()]).toEqual(Object.keys(shape));
    for (const [name, real] of parametersOf(plain)!) {
      const known = told.get(name)!;
      if (real.type === 'real' || (real.type === 'int' && real.low < real.high)) {
        expect(known.type).toBe(real.type);
        expect((known as typeof real).log ?? false).toBe(real.log ?? false);
        expect((known as typeof real).low).toBeCloseTo(real.low, 9);
        expect((known as typeof real).high / real.high).toBeCloseTo(1, 9);
      } else expect(known).toMatchObject({ choices: 'choices' in real ? real.choices : [3] });
    }
  });

  it('tells nothing of a space with conditions and without a description', () => {
    const predicate = () => true;
    const conditional = searchSpace(
      { optimizer: categorical('sgd', 'adam'), momentum: uniform(0, 1).when('optimizer', 'sgd') },
      { constraints: [predicate] },
    );
    expect(parametersOf(conditional)).toBeUndefined();
    expect(parametersOf(searchSpace(shape, { constraints: [predicate] }))!.size).toBe(8);
  });
});
