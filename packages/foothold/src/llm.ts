/** Language models as advisers. */
export * from '@foothold/llm';
