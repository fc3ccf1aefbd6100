import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Tests of the licences of the packages in the `foothold` command, in a folder where npm installed it. */
export function describePackedLicences(home: string): void {
  it('has the text of the licence of each package in the command and its pages, once', () => {
    const text = readFileSync(join(home, 'node_modules/foothold/dist/command/licenses.txt'), 'utf8');
    const parts = text.split(/^-{80}$|^(?=## )/m).map((part) => part.trim());
    const headed = /^(?:## )?(\S+) (?:- )?\d+\.\d+\.\S+ \((.+)\)$/;
    const entries = parts.filter((part) => headed.test(part.split('\n')[0]!));
    expect(entries.length).toBeGreaterThan(80);
    for (const entry of entries) {
      const [heading, ...lines] = entry.split('\n');
      const own = lines.join('\n');
      expect(own, heading).toMatch(
        /Permission to use|Permission is hereby|Redistribution and use|Apache-2\.0|Apache License/,
      );
    }
    expect(new Set(entries).size).toBe(entries.length);
    expect(text.split('END OF TERMS AND CONDITIONS')).toHaveLength(2);
  });
}
