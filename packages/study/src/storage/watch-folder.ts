import type { NodeFiles } from './node-files.ts';
import type { Notifier } from './watch-log.ts';

/** Hears of changes of one file through its folder, where the system tells of them; else of none. */
export function folderNotifier(fs: NodeFiles['fs'], directory: string, file: string): Notifier {
  return (changed) => {
    try {
      const watcher = fs.watch(directory, { persistent: false }, (_, name) => {
        if (name === null || name === file) changed();
      });
      watcher.on('error', () => watcher.close());
      return { stop: () => watcher.close() };
    } catch {
      return { stop: () => undefined };
    }
  };
}
