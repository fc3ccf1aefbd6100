/** The backend of models that are given none; its code is loaded by their first fit. */
export { cpu } from '@foothold/linalg';
