import ts from 'typescript';

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: false,
  // The compiler's own library is not what is tested.
  skipDefaultLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};
const library = new Map<string, ts.SourceFile | undefined>();

/** What strict TypeScript reports in files below `home` that use the published types, the types themselves included. */
export function typeFaults(home: string, files: readonly string[]): readonly string[] {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  const folder = host.getDefaultLibLocation!();
  host.getSourceFile = (name, ...rest) => {
    if (!name.startsWith(folder)) return read.call(host, name, ...rest);
    if (!library.has(name)) library.set(name, read.call(host, name, ...rest));
    return library.get(name);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(files, options, host))
    .map(
      (d) =>
        `${d.file?.fileName.slice(home.length) ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`,
    );
}
