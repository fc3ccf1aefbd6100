import type { Notifier } from '../watch-log.ts';

/** Tells the tabs of a site that studies of a database changed. */
export interface ChangeChannel {
  /** After a write to this study. */
  tell(study: string): void;
  /** Hears of the writes to this study, those of this tab included. */
  notifier(study: string): Notifier;
  close(): void;
}

/** A channel that is opened by its first use; silent where there is no BroadcastChannel, since `watchLog` looks by itself too. */
export function changeChannel(database: string): ChangeChannel {
  const open = () =>
    typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`foothold:${database}`);
  let sender: BroadcastChannel | undefined;
  return {
    tell(study) {
      sender ??= open();
      sender?.postMessage(study);
    },
    notifier: (study) => (changed) => {
      const receiver = open();
      if (receiver) receiver.onmessage = ({ data }) => data === study && changed();
      return { stop: () => receiver?.close() };
    },
    close() {
      sender?.close();
      sender = undefined;
    },
  };
}
