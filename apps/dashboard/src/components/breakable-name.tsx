/** A name that may break after the characters that join its words, and within a word only where it has to. */
export function BreakableName({ name }: { readonly name: string }) {
  const words = name.split(/(?<=[_.:/-])/);
  return (
    <>
      {words.map((word, i) => (
        <span key={i}>
          {i > 0 && <wbr />}
          {word}
        </span>
      ))}
    </>
  );
}
