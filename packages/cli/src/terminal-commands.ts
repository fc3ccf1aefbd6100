import { Argument, type Command } from 'commander';
import { completionScripts, type Shell } from './completion/scripts.ts';
import { storageOption } from './storage-option.ts';

/** `foothold watch`. */
export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('Show a study that runs elsewhere: its running trials, the best so far, the time left.')
    .argument('[study]', 'name of the study (default: the one that runs and changed last)')
    .addOption(storageOption())
    .option('--once', 'print its state and end')
    .action(async (study, options) => (await import('./commands/watch-study.ts')).watchStudy(study, options));
}

/** `foothold completion`, and what its scripts call. */
export function addCompletion(program: Command): void {
  const shell = () => new Argument('<shell>', 'the shell').choices(Object.keys(completionScripts));
  program
    .command('completion')
    .description(
      'Print what bash, zsh or fish needs to complete commands, options, their values and studies.',
    )
    .addArgument(shell())
    .action(async (name: Shell) => (await import('./commands/completion.ts')).printCompletion(name))
    .addHelpText(
      'after',
      `
Examples:
  bash: eval "$(foothold completion bash)" in ~/.bashrc
  zsh:  eval "$(foothold completion zsh)" in ~/.zshrc, after compinit
  fish: foothold completion fish > ~/.config/fish/completions/foothold.fish`,
    );
  program
    .command('complete', { hidden: true })
    .addArgument(shell())
    .argument('[words...]')
    .action(async (name: Shell, words: readonly string[]) =>
      (await import('./commands/completion.ts')).complete(name, words, program),
    );
}
