import { describe, expect, it } from 'vitest';
import { printable, withoutSecrets } from './safe-text.ts';

describe('withoutSecrets', () => {
  const env = {
    OPENAI_API_KEY: 'abc-def-123',
    DB_PASSWORD: 'hunter2hunter2',
    db_password_old: 'hunter2',
    GITHUB_TOKEN: 'yes',
    AWS_SECRET_ACCESS_KEY: 'line one',
    HOME: '/home/someone',
  };
  it.each([
    ['login as abc-def-123 failed', 'login as *** failed'],
    ['hunter2hunter2 hunter2', '*** ***'],
    ['yes, /home/someone', 'yes, /home/someone'],
    ['"line one"', '"***"'],
    ['postgres://me:s3cr3t@db/runs is away', 'postgres://me:***@db/runs is away'],
    ['Authorization: Bearer eyJhbGciOiJIUzI1', 'Authorization: Bearer ***'],
    ['api_key=0123456789abcdef&x=1', 'api_key=***&x=1'],
    ['{"password": "correct-horse"}', '{"password": "***"}'],
    ['key sk-abcdefghijklmnop1234 is invalid', 'key *** is invalid'],
    ["SyntaxError: Unexpected token: ';'", "SyntaxError: Unexpected token: ';'"],
    ['loss: 0.5 tokens: 1200', 'loss: 0.5 tokens: 1200'],
  ])('T1: %s', (text, safe) => {
    expect(withoutSecrets(text, env)).toBe(safe);
  });
});

describe('printable', () => {
  it.each([
    ['a\u001b]0;title\u0007b\u001b[2Jc', 'abc'],
    ['one\r\n\ttwo', 'one two'],
    ['\u009b31mred\u0000\u007f', 'red'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['größe 寛 😀', 'größe 寛 😀'],
  ])('T1: %j', (text, safe) => {
    expect(printable(text)).toBe(safe);
  });
});
