import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PythonGroup, pythonEnvironment, pythonMissing, runPython } from './python-environment.ts';

export interface PytestOptions {
  readonly group: PythonGroup;
  /** What pytest gets: files of integrations/python, `--pyargs` and modules, options. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds. Default: ten minutes. */
  readonly timeout?: number;
}

/** A case as pytest-reportlog writes its parts: set-up, call and end. */
interface ReportedPart {
  readonly $report_type: string;
  readonly nodeid: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly longrepr?: unknown;
}

interface PytestCase {
  readonly id: string;
  readonly skipped?: string;
  readonly failed?: string;
}

/**
 * Runs pytest in the environment of the group and has one test here for each of its cases, skipped with the reason where pytest
 * skipped it. Without Python there is one skipped test that says so. Await it at the top of a test file.
 */
export async function describePytest(name: string, options: PytestOptions): Promise<void> {
  const missing = await pythonMissing();
  if (missing !== undefined) {
    it.skip(`${name} (skipped: ${missing})`);
    return;
  }
  const ran = await runPytest(options).catch((error: Error) => error);
  describe(name, () => {
    it('runs in pytest', () => {
      if (ran instanceof Error) throw ran;
      // 0: all passed; 1: some failed, each of which is a test here.
      expect([0, 1], ran.output).toContain(ran.code);
      expect(ran.cases.length, ran.output).toBeGreaterThan(0);
      if (ran.cases.every(({ failed }) => failed === undefined)) expect(ran.code, ran.output).toBe(0);
    });
    if (ran instanceof Error) return;
    for (const { id, skipped, failed } of ran.cases) {
      if (skipped !== undefined) it.skip(`${id} (skipped: ${skipped})`);
      else
        it(id, () => {
          if (failed !== undefined) throw new Error(failed);
        });
    }
  });
}

async function runPytest({ group, args, env, timeout }: PytestOptions) {
  const environment = await pythonEnvironment(group);
  const folder = mkdtempSync(join(tmpdir(), 'foothold-pytest-'));
  const log = join(folder, 'report.jsonl');
  try {
    const result = await runPython(
      environment,
      ['-m', 'pytest', '-q', `--report-log=${log}`, `--basetemp=${join(folder, 'tmp')}`, ...args],
      { ...(timeout !== undefined && { timeout }), ...(env && { env }) },
    );
    return { code: result.code, output: `${result.stdout}${result.stderr}`, cases: casesIn(log) };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function casesIn(log: string): readonly PytestCase[] {
  const cases = new Map<string, PytestCase>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (line === '') continue;
    const part = JSON.parse(line) as ReportedPart;
    const isFault = part.$report_type === 'CollectReport' && part.outcome === 'failed';
    if (part.$report_type !== 'TestReport' && !isFault) continue;
    const before = cases.get(part.nodeid);
    if (before?.failed !== undefined) continue;
    cases.set(part.nodeid, {
      ...before,
      id: part.nodeid,
      ...(part.outcome === 'skipped' && { skipped: skipReason(part.longrepr) }),
      ...(part.outcome === 'failed' && { failed: textOf(part.longrepr) }),
    });
  }
  return [...cases.values()];
}

/** pytest writes a skip as [file, line, reason]. */
function skipReason(longrepr: unknown): string {
  return Array.isArray(longrepr) ? String(longrepr[2]).replace(/^Skipped: /, '') : textOf(longrepr);
}

/** pytest writes a failure as the lines that it shows, in the entries of its traceback. */
function textOf(longrepr: unknown): string {
  if (typeof longrepr !== 'object' || longrepr === null) return String(longrepr);
  const { reprcrash, reprtraceback } = longrepr as {
    readonly reprcrash?: { readonly path: string; readonly lineno: number; readonly message: string };
    readonly reprtraceback?: {
      readonly reprentries: readonly { readonly data: { readonly lines: readonly string[] } }[];
    };
  };
  const lines = reprtraceback?.reprentries.flatMap(({ data }) => data.lines) ?? [JSON.stringify(longrepr)];
  const at = reprcrash ? `\n${reprcrash.path}:${reprcrash.lineno}: ${reprcrash.message}` : '';
  return `${lines.join('\n')}${at}`;
}
