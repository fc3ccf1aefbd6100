/**
 * Names by which a connection to the server keeps statements, so that it parses and plans each of them once. A name says what its
 * statement is, and no two have the same: a pool in between may give our connection to others that name theirs in the same way.
 */
export interface StatementNames {
  /** Undefined where statements get no names. */
  nameOf(text: string): string | undefined;
  /** From here on statements get no names: a pool in between does not keep them with its connections. */
  giveUp(): void;
}

export async function statementNames(): Promise<StatementNames> {
  const { createHash } = await import('node:crypto');
  const names = new Map<string, string>();
  let areKept = true;
  return {
    nameOf(text) {
      if (!areKept) return undefined;
      let name = names.get(text);
      if (name === undefined) {
        name = `foothold_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
        names.set(text, name);
      }
      return name;
    },
    giveUp() {
      areKept = false;
    },
  };
}
