import { type ImportDeclaration, type Node, type Program, parse } from 'acorn';
import { transform } from 'sucrase';
import { importable, importFunction } from './compile-names.ts';
import type { ProgramFault } from './program-fault.ts';

/** A program that a browser can run, or why there is none. */
export type Compiled = { readonly code: string } | { readonly fault: ProgramFault };

/**
 * JavaScript of a program in TypeScript: types are taken off (not checked), and imports of packages become calls of
 * `importPackage`, since an import map does not reach into a worker. Every line stays where it was, so the lines of errors are those of the
 * text. The fault names the first place that is no TypeScript, or a package that is not here.
 */
export function compile(text: string): Compiled {
  const stripped = withoutTypes(text);
  if ('fault' in stripped) return stripped;
  let program: Program;
  try {
    program = parse(stripped.code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  } catch (error) {
    return { fault: faultOf(error) };
  }
  let code = stripped.code;
  // From the end, so that the positions of the others stay.
  for (const node of program.body.toReversed()) {
    if (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source))
      return { fault: { message: 'A program exports only what is its own.', ...placeOf(node) } };
    if (node.type !== 'ImportDeclaration') continue;
    const name = String(node.source.value);
    if (!importable.some((known) => known === name))
      return {
        fault: {
          message: `There is no package ${JSON.stringify(name)} here; there are ${importable.join(', ')}.`,
          ...placeOf(node),
        },
      };
    const lines = code.slice(node.start, node.end).split('\n').length - 1;
    code = code.slice(0, node.start) + callFor(node, name) + '\n'.repeat(lines) + code.slice(node.end);
  }
  return { code };
}

function withoutTypes(text: string): Compiled {
  try {
    const { code } = transform(text, {
      transforms: ['typescript'],
      disableESTransforms: true,
      preserveDynamicImport: true,
      keepUnusedImports: false,
    });
    return { code };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** `const { a: b } = await importPackage("name");` */
function callFor({ specifiers }: ImportDeclaration, name: string): string {
  const call = `await ${importFunction}(${JSON.stringify(name)});`;
  const parts: string[] = [];
  let whole = '';
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    if (specifier.type === 'ImportNamespaceSpecifier') whole = `const ${local} = ${call} `;
    else if (specifier.type === 'ImportDefaultSpecifier') parts.push(`default: ${local}`);
    else {
      const { imported } = specifier;
      const own = imported.type === 'Identifier' ? imported.name : JSON.stringify(imported.value);
      parts.push(own === local ? own : `${own}: ${local}`);
    }
  }
  if (parts.length > 0) return `${whole}const { ${parts.join(', ')} } = ${call}`;
  return whole === '' ? call : whole.trimEnd();
}

function placeOf({ loc }: Node) {
  return {
    line: loc?.start.line,
    column: loc === undefined || loc === null ? undefined : loc.start.column + 1,
  };
}

/** Both parsers write the place at the end of the message, `(3:14)`, and keep it in `loc`. */
function faultOf(error: unknown): ProgramFault {
  const { message, loc } = error as Error & {
    readonly loc?: { readonly line: number; readonly column: number };
  };
  const text = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  const [, line, column] = /\((\d+):(\d+)\)$/.exec(message) ?? [];
  return {
    message: `This is no TypeScript: ${text}`,
    line: loc?.line ?? (line === undefined ? undefined : Number(line)),
    // sucrase counts columns from 1, acorn from 0.
    column:
      'raisedAt' in (error as object) && loc
        ? loc.column + 1
        : column === undefined
          ? undefined
          : Number(column),
  };
}
