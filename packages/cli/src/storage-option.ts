import { Option } from 'commander';

/** `--storage`, or FOOTHOLD_STORAGE, of every command that reads or writes studies. */
export function storageOption(): Option {
  return new Option(
    '--storage <address>',
    'where the studies are: a folder, sqlite:FILE or postgres://user@host/database',
  )
    .env('FOOTHOLD_STORAGE')
    .default('foothold-studies');
}
