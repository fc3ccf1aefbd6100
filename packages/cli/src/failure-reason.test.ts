import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { failureReason } from './failure-reason.ts';

/** Standard error of real programs (Node 24, Python 3, Java 17, Rust 1.9x, Go 1.2x, dash, bash), and what has to be said. */
const recorded: readonly (readonly [name: string, stderr: string, reason: string])[] = [
  [
    'Node: a thrown error',
    `/w/boom.js:1
throw new TypeError('weights are not a matrix')
^

TypeError: weights are not a matrix
    at Object.<anonymous> (/w/boom.js:1:7)
    at Module._compile (node:internal/modules/cjs/loader:1929:14)
    at node:internal/main/run_main_module:33:47

Node.js v24.21.0
`,
    'TypeError: weights are not a matrix',
  ],
  [
    'Node: a cause and own fields',
    `file:///w/cause.mjs:1
try { JSON.parse('{') } catch (e) { throw new Error('config is damaged', {cause: e}) }
                                              ^

Error: config is damaged
    at file:///w/cause.mjs:1:47
    at ModuleJob.run (node:internal/modules/esm/module_job:561:25) {
  code: 'E1',
  [cause]: SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)
      at JSON.parse (<anonymous>)
      at file:///w/cause.mjs:1:12
}

Node.js v24.21.0
`,
    "Error: config is damaged | cause: SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
  ],
  [
    'Node: a message of two lines, and a program that writes more',
    `RangeError: multi
line message
    at /w/ml.js:1:22
    at new Promise (<anonymous>)

Node.js v24.21.0
npm error Lifecycle script failed
`,
    'RangeError: multi | line message | npm error Lifecycle script failed',
  ],
  [
    'Node: a syntax error',
    `/w/syn.js:1
let a = ;
        ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1861:18)

Node.js v24.21.0
`,
    "SyntaxError: Unexpected token ';'",
  ],
  [
    'Node: a thrown object',
    '/w/obj.js:1\nthrow {a:1}\n^\n{ a: 1 }\n\nNode.js v24.21.0\n',
    '{ a: 1 } | throw {a:1} | /w/obj.js:1',
  ],
  [
    'Python: a chain of exceptions',
    `Traceback (most recent call last):
  File "/w/t.py", line 2, in <module>
    open('/nope/x')
FileNotFoundError: [Errno 2] No such file or directory: '/nope/x'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/w/t.py", line 4, in <module>
    raise ValueError('cannot load the data') from e
ValueError: cannot load the data
`,
    'ValueError: cannot load the data',
  ],
  [
    'Python: carets under the failing line, then a logger that says goodbye',
    `Traceback (most recent call last):
  File "/w/t.py", line 9, in <module>
    loss = model(x) / 0
           ~~~~~~~~~^~~
ZeroDivisionError: division by zero

wandb: run finished
`,
    'ZeroDivisionError: division by zero | wandb: run finished',
  ],
  [
    'Python: a syntax error',
    '  File "<string>", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n',
    'SyntaxError: invalid syntax',
  ],
  [
    'Python: a group of exceptions',
    `  + Exception Group Traceback (most recent call last):
  |   File "<string>", line 1, in <module>
  | ExceptionGroup: two failures (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: a
    +---------------- 2 ----------------
    | TypeError: b
    +------------------------------------
`,
    'ExceptionGroup: two failures (2 sub-exceptions)',
  ],
  [
    'Python: argparse',
    'usage: train.py [-h] [--lr LR]\ntrain.py: error: unrecognized arguments: --foo\n',
    'train.py: error: unrecognized arguments: --foo | usage: train.py [-h] [--lr LR]',
  ],
  [
    'Java: an exception with its cause',
    `Exception in thread "main" java.lang.IllegalStateException: cannot read lr
\tat Boom.main(Boom.java:1)
Caused by: java.lang.NumberFormatException: For input string: "x1"
\tat java.base/java.lang.NumberFormatException.forInputString(NumberFormatException.java:67)
\tat java.base/java.lang.Integer.parseInt(Integer.java:668)
\t... 8 more
`,
    'Exception in thread "main" java.lang.IllegalStateException: cannot read lr | Caused by: java.lang.NumberFormatException: For input string: "x1"',
  ],
  [
    'Rust: a panic with a backtrace',
    `
thread 'main' (20220) panicked at r.rs:1:71:
called \`Result::unwrap()\` on an \`Err\` value: "no data set"
stack backtrace:
   0: __rustc::rust_begin_unwind
             at /rustc/5980/library/std/src/panicking.rs:689:5
   3: r::main
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.
`,
    'called `Result::unwrap()` on an `Err` value: "no data set" | panicked at r.rs:1:71',
  ],
  [
    'Rust: a panic before 1.73',
    "thread 'main' panicked at 'index out of bounds: the len is 3 but the index is 7', src/main.rs:4:5\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
    "panicked at 'index out of bounds: the len is 3 but the index is 7', src/main.rs:4:5",
  ],
  ['Rust: an error that main returns', 'Error: "no data set"\n', 'Error: "no data set"'],
  [
    'Go: a panic',
    `panic: runtime error: index out of range [5] with length 0

goroutine 1 [running]:
main.main()
\t/w/m.go:2 +0x9
exit status 2
`,
    'panic: runtime error: index out of range [5] with length 0',
  ],
  [
    'Go: a deadlock',
    'fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/w/d.go:5 +0x25\nexit status 2\n',
    'fatal error: all goroutines are asleep - deadlock!',
  ],
  ['sh', 'sh: 1: nosuchprog: not found\n', 'sh: 1: nosuchprog: not found'],
  ['bash', 'bash: Y: must be set\n', 'bash: Y: must be set'],
  ['a progress bar', 'epoch 1\repoch 2\repoch 3\nout of memory\n', 'out of memory | epoch 3'],
  ['colours', '\u001b[31merror[E1]\u001b[0m: \u001b[1mno\u0007 lr\u001b[0m\n', 'error[E1]: no lr'],
  ['nothing', '\n  \n', ''],
];

describe('failureReason', () => {
  it.each(recorded)('F15: says what went wrong: %s', (_, stderr, reason) => {
    expect(failureReason(stderr)).toBe(reason);
    expect(failureReason(stderr.replaceAll('\n', '\r\n'))).toBe(reason);
  });

  it('F15: says it of Node as it is here', () => {
    const { stderr } = spawnSync(
      process.execPath,
      ['-e', "throw new TypeError('weights are not a matrix')"],
      {
        encoding: 'utf8',
      },
    );
    expect(failureReason(stderr)).toBe('TypeError: weights are not a matrix');
  });

  it('F15: says it of Python as it is here', ({ skip }) => {
    const { stderr, error } = spawnSync('python3', ['-c', 'def f(): return {}["lr"]\nf()'], {
      encoding: 'utf8',
    });
    if (error) skip('python3 is not there');
    expect(failureReason(stderr)).toBe("KeyError: 'lr'");
  });

  it('is one line without control characters, whatever the program wrote', () => {
    const bytes = Array.from({ length: 3000 }, (_, i) => String.fromCharCode((i * 7919) % 260)).join('');
    for (const text of [
      bytes,
      `Traceback (most recent call last):\n${bytes}`,
      `TypeError: ${bytes}\n    at x\n`,
    ]) {
      const reason = failureReason(text);
      expect(reason).not.toMatch(/\p{Cc}/u);
      expect(reason.length).toBeLessThan(1500);
    }
  });

  it('cuts no character in two', () => {
    for (const before of ['', 'a'])
      expect(failureReason(`Error: ${before}${'🔥'.repeat(400)}`)).not.toMatch(/\p{Cs}/u);
    expect(failureReason('Error: half \ud83d of it')).toBe('Error: half \ufffd of it');
  });
});
