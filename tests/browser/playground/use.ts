/** What a person does in the playground, and what its database then has. */
import { replay } from '@foothold/study';
import type { Page } from 'playwright-core';
import { bridgedLog } from './stored-log.ts';

/** The editor, once it is there. */
export function programField(page: Page) {
  return page.locator('.cm-content');
}

/** Pastes another text over the one in the editor. */
export async function write(page: Page, text: string): Promise<void> {
  await programField(page).focus();
  for (;;) {
    await page.keyboard.press('Control+a');
    const written = await programField(page).evaluate(async (field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return [...field.querySelectorAll('.cm-line')].map(({ textContent }) => textContent).join('\n');
    }, text);
    // An editor that was focused a moment ago takes the selection of the page over its own: the paste then has not replaced all.
    if (written === text) return;
  }
}

/** Sets a number beside the program. */
export async function setNumber(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(String(value));
}

/** Runs the program and waits for the sentence that says how it ended. */
export async function ran(page: Page, sentence: string): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(sentence).waitFor();
}

/** The trials in the browser's own database, read without the page's code. `values` are undefined where a trial is not complete. */
export async function storedTrials(page: Page, study: string) {
  const { trials, goal } = replay(await bridgedLog(page, study));
  return {
    direction: goal?.direction,
    params: trials.map(({ params }) => params),
    values: trials.map((trial) => (trial.state === 'complete' ? trial.value : undefined)),
  };
}
