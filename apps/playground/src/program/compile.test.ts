import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';

const codeOf = (text: string) => {
  const compiled = compile(text);
  if ('fault' in compiled) throw new Error(compiled.fault.message);
  return compiled.code;
};
const faultOf = (text: string) => {
  const compiled = compile(text);
  return 'fault' in compiled ? compiled.fault : undefined;
};

describe('compile', () => {
  it('takes types off and leaves every line where it was', () => {
    const text = `import {
  searchSpace,
  type ParamsOf,
  uniform as real,
} from 'foothold';
interface Point { x: number }
export const space = searchSpace({ x: real(0, 1) });
export function objective({ x }: ParamsOf<typeof space>): number {
  const at: Point = { x };
  return (at.x as number) satisfies number;
}`;
    const code = codeOf(text);
    expect(code.split('\n').length).toBe(text.split('\n').length);
    expect(code).not.toMatch(/ParamsOf|interface|: number|satisfies/);
    expect(code).toContain('const { searchSpace, uniform: real } = await importPackage("foothold");');
    expect(code.split('\n').findIndex((line) => line.startsWith('export function objective'))).toBe(7);
  });

  it('imports a whole package, one for what it does, and leaves imports of types out', () => {
    expect(codeOf(`import * as tf from '@tensorflow/tfjs';\ntf.tidy(() => 1)`)).toContain(
      'const tf = await importPackage("@tensorflow/tfjs");',
    );
    expect(codeOf(`import '@tensorflow/tfjs';`)).toBe('await importPackage("@tensorflow/tfjs");');
    expect(codeOf(`import type { ParamsOf } from 'foothold';\nexport const a = 1;`)).not.toContain(
      'importPackage',
    );
  });

  it('names the line and the column of what is no TypeScript', () => {
    expect(faultOf('const a = 1;\nconst b = = 2;')).toMatchObject({ line: 2, column: 11 });
    // Nothing but the second parser sees these.
    expect(faultOf('const a = 1;\n\nconst a = 2;')).toMatchObject({ line: 3, column: 7 });
    expect(faultOf('export function f() {\n  return 1;\n')).toMatchObject({ line: 3 });
  });

  it('names the line of a package that is not here, and of what is not the program’s own', () => {
    expect(faultOf(`const a = 1;\nimport fs from 'node:fs';\nfs.rm(a)`)).toMatchObject({
      line: 2,
      message: expect.stringContaining('"node:fs"'),
    });
    expect(faultOf(`export * from 'foothold';`)).toMatchObject({ line: 1 });
  });
});
