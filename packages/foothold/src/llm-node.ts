/** What language models need of Node. */
export * from '@foothold/llm/node';
