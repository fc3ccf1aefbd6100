/** What a schema refuses, in words: which member it is, its value and what is allowed. */
import type * as v from 'valibot';

export interface RefusedMember {
  /** Names and indices with dots between them; empty for the whole. */
  readonly path: string;
  readonly value: unknown;
  readonly allowed: string;
}

const words: Readonly<Record<string, string>> = { Object: 'an object', Array: 'a list' };

/**
 * The member that an issue is about. Where none of several forms fits, that is the innermost one that is wrong in the form that fits best;
 * where all of them are wrong in their own members, it is the whole, for which the schema's message shows the forms.
 */
export function refusedMember(issue: v.BaseIssue<unknown>): RefusedMember {
  const keys = keysOf(issue);
  const path = keys.join('.');
  if (issue.type === 'union') {
    const inner = deepest(issue.issues ?? []);
    if (inner && keysOf(inner).length > 1) {
      const { path: rest, ...others } = refusedMember(inner);
      return { path: path === '' ? rest : `${path}.${rest}`, ...others };
    }
    const own = issue.message.startsWith('Invalid type') ? undefined : issue.message;
    return { path, value: issue.input, allowed: own ?? wordsFor(issue) };
  }
  // Of a member that there should not be, valibot gives the name as its input.
  const value = issue.expected === 'never' ? issue.path?.at(-1)?.value : issue.input;
  return { path, value, allowed: wordsFor(issue) };
}

function wordsFor(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'nothing: there is no such member';
  if (issue.expected === `"${keysOf(issue).at(-1)}"`) return 'a value: this member is needed';
  if (issue.type === 'regex') return issue.message;
  if (issue.type === 'integer') return 'a whole number';
  return words[issue.expected ?? ''] ?? issue.expected ?? issue.message;
}

/** The first of the issues that lie deepest. */
function deepest(issues: readonly v.BaseIssue<unknown>[]): v.BaseIssue<unknown> | undefined {
  let found: v.BaseIssue<unknown> | undefined;
  for (const issue of issues) if (!found || keysOf(issue).length > keysOf(found).length) found = issue;
  return found;
}

function keysOf(issue: v.BaseIssue<unknown>): readonly string[] {
  return (issue.path ?? []).map(({ key }) => String(key));
}
