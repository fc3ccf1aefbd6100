import { describe, expect, it } from 'vitest';
import {
  InvalidArgumentError,
  NotPositiveDefiniteError,
  OptimizationError,
  OutOfSpaceError,
  ShapeError,
  StorageError,
} from './errors.ts';

describe('errors', () => {
  it('are instances of their class and its parents, and of nothing else', () => {
    const error = new NotPositiveDefiniteError(3, -1e-9);
    expect(error).toBeInstanceOf(NotPositiveDefiniteError);
    expect(error).toBeInstanceOf(OptimizationError);
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof ShapeError).toBe(false);
    expect(new Error('x') instanceof OptimizationError).toBe(false);
    expect((null as unknown) instanceof OptimizationError).toBe(false);
    expect(error.name).toBe('NotPositiveDefiniteError');
  });
  it('are recognized across two installed copies of the package', async () => {
    const copy: { ShapeError: typeof ShapeError } = await import(`./errors.ts?copy=${1}`);
    expect(copy.ShapeError).not.toBe(ShapeError);
    expect(new copy.ShapeError('x')).toBeInstanceOf(ShapeError);
    expect(new copy.ShapeError('x') instanceof OutOfSpaceError).toBe(false);
  });
  it('name the parameter, the value and what is allowed', () => {
    expect(new OutOfSpaceError('lr', 3, '[0.0001, 0.1]').message).toBe('lr is 3, outside [0.0001, 0.1]');
    expect(new InvalidArgumentError('trials', Number.NaN, 'a whole number from 1').message).toBe(
      'trials is NaN, allowed is a whole number from 1',
    );
  });
  it('show any value in few words', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(new OutOfSpaceError('p', loop, 'numbers').message).toContain('[object Object]');
    expect(new OutOfSpaceError('p', 'x'.repeat(1000), 'numbers').message.length).toBeLessThan(160);
    expect(new OutOfSpaceError('p', undefined, 'numbers').message).toContain('undefined');
  });
  it('say whether to try again, and why it failed', () => {
    const cause = new Error('disk');
    const error = new StorageError('runs/a.jsonl could not be written', { cause, retry: true });
    expect(error.retry).toBe(true);
    expect(error.cause).toBe(cause);
    expect(new StorageError('x').retry).toBe(false);
  });
});
