/** A study of a server, in a program that needs nothing but `fetch`. */
export * from '@foothold/server/remote';
