import { readFileSync } from 'node:fs';

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced code blocks of a Markdown file. */
export function codeBlocks(file: string): readonly CodeBlock[] {
  const blocks: { language: string; code: string; line: number }[] = [];
  let open: { language: string; code: string; line: number } | undefined;
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, i) => {
      const fence = /^```(\S*)/.exec(text);
      if (fence && open) {
        blocks.push(open);
        open = undefined;
      } else if (fence) open = { language: fence[1]!, code: '', line: i + 1 };
      else if (open) open.code += `${text}\n`;
    });
  return blocks;
}
