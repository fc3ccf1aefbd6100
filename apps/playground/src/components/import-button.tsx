import { addressOf, goTo, tellPerson } from '@foothold/app-dashboard';
import { useRef } from 'preact/hooks';
import { storage } from '../sources/browser-studies.ts';
import { importStudy } from '../sources/import-study.ts';

/** Takes the file of a study: its log or its JSON form. */
export function ImportButton() {
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      goTo(addressOf.study(await importStudy(storage, file)));
      tellPerson('The study is imported.');
    } catch (error) {
      tellPerson(error instanceof Error ? error.message : String(error), true);
    }
  };
  return (
    <div class="import">
      <input
        ref={input}
        type="file"
        aria-label="File of a study"
        accept=".jsonl,.json,.log"
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          void take(file);
          event.currentTarget.value = '';
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        Import a study
      </button>
    </div>
  );
}
