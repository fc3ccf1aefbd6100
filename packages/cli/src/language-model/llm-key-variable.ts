/** The environment variable of the key where no other is named, as `defaultKeyVariable` of @foothold/llm, which is loaded when it is needed. */
export const llmKeyVariable = 'FOOTHOLD_LLM_KEY';
