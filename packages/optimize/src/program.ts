/**
 * The program that the logs of studies name for their suggestions, with the version in package.json (a test compares them: there
 * is no file to read in a browser).
 */
export const program = 'foothold 0.1.0';
