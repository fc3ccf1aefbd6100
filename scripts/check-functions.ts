import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root, sourceFiles } from './workspace.ts';

/** Lines that a function may have, from its first to its last. */
export const maxLines = 60;

export interface LongFunction {
  /** `packages/x name`: the folder of the workspace and the function's name, so that a file may move. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly lines: number;
}

/**
 * Functions of the workspace with more than 60 lines that `long-functions.json` does not allow, or that have grown beyond
 * what it allows, and its entries that are no longer needed. The list is there to become empty.
 */
export function functionFaults(): readonly string[] {
  const allowed = JSON.parse(readFileSync(join(root, 'scripts/long-functions.json'), 'utf8')) as Record<
    string,
    number
  >;
  const found = sourceFiles()
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.generated.ts'))
    .flatMap((file) => longFunctions(file, readFileSync(join(root, file), 'utf8')));
  const longest = new Map<string, number>();
  for (const { id, lines } of found) longest.set(id, Math.max(lines, longest.get(id) ?? 0));
  return [
    ...found
      .filter(({ id, lines }) => lines > (allowed[id] ?? maxLines))
      .map(
        ({ id, file, line, lines }) =>
          `${file}:${line} ${id.split(' ').at(-1)} has ${lines} lines, allowed are ${allowed[id] ?? maxLines}`,
      ),
    ...Object.entries(allowed)
      .filter(([id, lines]) => lines > (longest.get(id) ?? 0))
      .map(
        ([id]) =>
          `scripts/long-functions.json: "${id}" has ${longest.get(id) ?? `at most ${maxLines}`} lines now`,
      ),
  ];
}

/** The functions of a source file with more than 60 lines. A list of tests is none, however many tests it has. */
export function longFunctions(file: string, text: string): readonly LongFunction[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const folder = file
    .split('/')
    .slice(0, /^(packages|apps)\//.test(file) ? 2 : 1)
    .join('/');
  const found: LongFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && !isListOfTests(node)) {
      const first = lineAt(source, node.getStart());
      const lines = lineAt(source, node.end) - first + 1;
      if (lines > maxLines) found.push({ id: `${folder} ${nameOf(node)}`, file, line: first, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

type Body = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

function isFunction(node: ts.Node): node is Body {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** A function whose own statements call `it` or `describe`: a callback of `describe`, or a conformance suite. */
function isListOfTests({ body, parent }: Body): boolean {
  let has = ts.isCallExpression(parent) && parent.expression.getText().startsWith('describe');
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText())) has = true;
    if (!has && !isFunction(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return has;
}

/** Its own name, or that of the variable, member or call that it is given to. */
function nameOf(node: Body): string {
  if (node.name) return node.name.getText();
  let parent = node.parent;
  while (ts.isCallExpression(parent) || ts.isParenthesizedExpression(parent)) {
    if (ts.isExpressionStatement(parent.parent))
      return `${(parent as ts.CallExpression).expression.getText()}(…)`;
    parent = parent.parent;
  }
  return 'name' in parent && parent.name ? (parent.name as ts.Node).getText() : 'a function without a name';
}

function lineAt(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
