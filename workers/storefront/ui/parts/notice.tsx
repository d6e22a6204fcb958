import type { ComponentChildren } from "preact";
import type { Trouble } from "../../words/troubles.ts";

/** Something went otherwise than wished; read out at once. */
export function Notice({ trouble, children }: { trouble: Trouble; children?: ComponentChildren }) {
  return (
    <div class="notice" role="alert">
      <strong>{trouble.title}</strong>
      <p>{trouble.text}</p>
      {children}
    </div>
  );
}
