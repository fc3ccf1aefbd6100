/** Whether anybody uses a session. */
export interface SessionUse {
  /** A request came. */
  used(): void;
  /** A call runs: however long it takes, the session is in use. */
  began(): void;
  ended(): void;
  /** Whether no call runs. */
  isIdle(): boolean;
  /** The session is over. */
  stop(): void;
}

/** Calls `end` when for so many milliseconds after the first use no request came and no call ran. It keeps no process alive. */
export function sessionUse(idle: number, end: () => void): SessionUse {
  let running = 0;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    if (isOver || running > 0) return;
    timer = setTimeout(end, idle);
    (timer as { readonly unref?: () => void }).unref?.();
  };
  return {
    used: restart,
    began() {
      running++;
      restart();
    },
    ended() {
      running--;
      restart();
    },
    isIdle: () => running === 0,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
