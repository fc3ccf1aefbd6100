import { spawn, spawnSync } from 'node:child_process';
import xterm, { type Terminal } from '@xterm/headless';
import { command, node } from './command.fixture.ts';

/** Runs a program in a pseudo-terminal and copies what it writes; lines of its standard input change the size and type keys. */
const ptyProgram = `
import fcntl, os, pty, select, struct, sys, termios
def size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    size(1, int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
inputs = [fd, 0]
rest = b''
while True:
    ready = select.select(inputs, [], [])[0]
    if 0 in ready:
        data = os.read(0, 65536)
        if not data: inputs = [fd]
        *lines, rest = (rest + data).split(b'\\n')
        for line in lines:
            word, *values = line.split()
            if word == b'size': size(fd, int(values[0]), int(values[1]))
            else: os.write(fd, bytes.fromhex(values[0].decode()))
    if fd in ready:
        try: data = os.read(fd, 65536)
        except OSError: break
        if not data: break
        os.write(1, data)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;

/** Why no program runs in a terminal here; undefined where it does. */
export const noTerminal: string | undefined =
  spawnSync('python3', ['-c', 'import pty, termios']).status === 0
    ? undefined
    : 'no python3 with pty here: the tests in a terminal are skipped';

export interface TerminalSession {
  /** The rows that the terminal shows, from its first to its last, without blanks at their ends. */
  screen(): Promise<readonly string[]>;
  /** All rows, those that were scrolled away included, without empty ones. */
  history(): Promise<readonly string[]>;
  /** Waits until the screen is so, and returns it. Rejects when the program ends before. */
  until(isSo: (text: string) => boolean): Promise<readonly string[]>;
  /** Gives the terminal another size. */
  resize(columns: number, rows: number): Promise<void>;
  type(keys: string): void;
  /** What the program wrote. */
  output(): string;
  /** True while the cursor is hidden. */
  isCursorHidden(): boolean;
  readonly ended: Promise<number | null>;
}

export interface TerminalSessionOptions {
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The program. Default: the `foothold` command. */
  readonly program?: readonly string[];
}

function inPty(
  args: readonly string[],
  { cwd, columns, rows, env, program = [node, ...command] }: TerminalSessionOptions,
) {
  const words = ['-c', ptyProgram, String(columns), String(rows), ...program, ...args];
  const { NO_COLOR: _, CI: __, ...inherited } = process.env;
  const child = spawn('python3', words, { cwd, env: { ...inherited, TERM: 'xterm-256color', ...env } });
  child.stdin.on('error', () => undefined); // it has ended
  return child;
}

/** All rows of the terminal, those that were scrolled away included. */
function linesOf({ buffer: { active } }: Terminal): readonly string[] {
  return Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? '');
}

/** Starts a program in a terminal, xterm.js without its screen. */
export function inTerminal(args: readonly string[], options: TerminalSessionOptions): TerminalSession {
  const { columns, rows } = options;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  const child = inPty(args, options);
  const chunks: Buffer[] = [];
  const watchers = new Set<() => void>();
  let hasEnded = false;
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    terminal.write(chunk, changed);
  });
  child.stderr.pipe(process.stderr);
  const flushed = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const output = () => Buffer.concat(chunks).toString();
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', async (code) => {
      await flushed();
      hasEnded = true;
      changed();
      resolve(code);
    });
  });
  const shown = () => linesOf(terminal).slice(terminal.buffer.active.baseY);
  return {
    screen: async () => {
      await flushed();
      return shown();
    },
    history: async () => {
      await flushed();
      return linesOf(terminal).filter((row) => row.trim() !== '');
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const rows = shown();
          const isMet = isSo(rows.join('\n'));
          if (!isMet && !hasEnded) return;
          watchers.delete(look);
          if (isMet) resolve(rows);
          else reject(new Error(`the program ended before; the screen was:\n${rows.join('\n')}`));
        };
        watchers.add(look);
        look();
      }),
    resize: async (width, height) => {
      await flushed();
      terminal.resize(width, height);
      child.stdin.write(`size ${width} ${height}\n`);
    },
    type: (keys) => void child.stdin.write(`keys ${Buffer.from(keys).toString('hex')}\n`),
    output,
    isCursorHidden: () => output().lastIndexOf('\u001b[?25l') > output().lastIndexOf('\u001b[?25h'),
    ended,
  };
}
