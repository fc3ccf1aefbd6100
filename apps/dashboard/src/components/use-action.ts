import { useRef } from 'preact/hooks';
import { tellPerson } from '../app-state.ts';

/** Runs what a person asked for, once at a time; says that it is done, with a button for `undo` where it is given, or why not. */
export function useAction() {
  const isBusy = useRef(false);
  const run = async (work: () => Promise<void>, done: string, undo?: () => void): Promise<boolean> => {
    if (isBusy.current) return false;
    isBusy.current = true;
    try {
      await work();
      tellPerson(done, false, undo);
      return true;
    } catch (error) {
      tellPerson(
        error instanceof TypeError
          ? 'The server does not answer.'
          : error instanceof Error
            ? error.message
            : String(error),
        true,
      );
      return false;
    } finally {
      isBusy.current = false;
    }
  };
  return { run };
}
