/** What a plug-in may return: a value, or a promise of one. Callers always `await`; our own functions always return a Promise. */
export type Awaitable<T> = T | PromiseLike<T>;
