import { examine } from './examine.ts';

/** `#worker` examines a Web Worker, anything else the main thread; the test reads the answer from the window. */
const answer =
  location.hash === '#worker'
    ? new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      })
    : examine();
Object.assign(globalThis, { answer });
