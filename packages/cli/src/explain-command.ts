import type { Command } from 'commander';
import { withModelOptions } from './language-model/model-options.ts';
import { positive } from './options.ts';
import { storageOption } from './storage-option.ts';

/** `foothold explain`: what was found, in figures, and in prose where a language model is named. */
export function addExplainCommand(program: Command): void {
  withModelOptions(
    program
      .command('explain')
      .description(
        'Say what was found in a study: in figures, and in prose that a language model writes of them.',
      )
      .argument('<study>', 'name of the study, as tune printed it')
      .addOption(storageOption())
      .option('--model <name>', "a language model writes the report: the provider's name of it")
      .option('--max-cost <cost>', 'with --model: most money that the report may cost', positive)
      .option('--out <file>', 'write the report as Markdown to this file')
      .option('--json', 'print the figures as one JSON line'),
    '--model',
  )
    .addHelpText(
      'after',
      `
The figures are computed here, from a Gaussian process of the study's trials. Each number of the model's text is compared with them; a
text with a wrong one is refused, asked for once more, and then left out, with a note why. The model gets the figures, the names and
values of parameters and the reasons of failures, and no trials (docs/language-model.md). Keys are never taken from the command line.

Examples:
  foothold explain train-1a2b3c4d
  foothold explain train-1a2b3c4d --model qwen3 --base-url http://127.0.0.1:11434/v1 --no-key --out found.md`,
    )
    .action(async (study, options) => (await import('./commands/explain.ts')).explain(study, options));
}
