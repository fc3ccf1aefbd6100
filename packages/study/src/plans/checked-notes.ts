import {
  type Attributes,
  InvalidArgumentError,
  type Json,
  type Notes,
  type ProgramState,
  type StudyEvent,
} from '@foothold/core';

/** Attributes and a note as an event has them: neither is undefined. */
export type CheckedNotes = Pick<Extract<StudyEvent, { readonly type: 'noted' }>, 'attributes' | 'note'>;

/** Levels of lists and objects in an attribute. */
const maxLevels = 50;

/**
 * Attributes and note with nothing else beside them; undefined where there are none. Throws InvalidArgumentError for a note
 * that is no text, and for attributes that JSON would not give back as they are.
 */
export function checkedNotes({ attributes, note }: Notes): CheckedNotes | undefined {
  if (note !== undefined && typeof note !== 'string') throw new InvalidArgumentError('note', note, 'a text');
  if (attributes !== undefined && !isPlainObject(attributes))
    throw new InvalidArgumentError('attributes', attributes, 'an object from name to JSON value');
  for (const [name, value] of Object.entries(attributes ?? {})) refuseOther(`attributes.${name}`, value);
  const hasAttributes = attributes !== undefined && Object.keys(attributes).length > 0;
  if (!hasAttributes && note === undefined) return undefined;
  return {
    ...(hasAttributes && { attributes: attributes as Attributes }),
    ...(note !== undefined && { note }),
  };
}

/** A sampler's state of a trial; undefined for none. Throws InvalidArgumentError for what JSON would not give back as it is. */
export function checkedState(samplerState: ProgramState | undefined): ProgramState | undefined {
  if (samplerState === undefined) return undefined;
  if (!isPlainObject(samplerState))
    throw new InvalidArgumentError('samplerState', samplerState, 'an object from name to JSON value');
  refuseOther('samplerState', samplerState);
  return samplerState;
}

/** Throws InvalidArgumentError for what JSON cannot hold. */
function refuseOther(path: string, value: unknown, level = 0): asserts value is Json {
  if (level > maxLevels)
    throw new InvalidArgumentError(path, value, `a value of at most ${maxLevels} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (!Array.isArray(value) && !isPlainObject(value))
    throw new InvalidArgumentError(
      path,
      value,
      'JSON: finite numbers, texts, true, false, null, and lists and objects of these',
    );
  for (const [key, inner] of Object.entries(value)) refuseOther(`${path}.${key}`, inner, level + 1);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm have another Object.prototype, whose own prototype is null too.
  return prototype === null || (Object.getPrototypeOf(prototype) === null && !Array.isArray(value));
}
