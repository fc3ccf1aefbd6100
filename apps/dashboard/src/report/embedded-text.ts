/**
 * The text in the element with this id: as it stands, or, where `data-encoding` is `gzip`, compressed and in base64. Throws where
 * there is no such element.
 */
export async function embeddedText(id: string): Promise<string> {
  const element = document.getElementById(id);
  if (!element) throw new Error(`this file has no part ${id}`);
  const text = element.textContent ?? '';
  if (element.dataset['encoding'] !== 'gzip') return text;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}
