export { recordedFile, recordingFile } from './access/recorded-file.ts';
export { completionFile } from './files/completion-file.ts';
export { type LedgerFile, ledgerFile } from './files/ledger-file.ts';
