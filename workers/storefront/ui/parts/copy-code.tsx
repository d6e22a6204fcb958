import { useRef, useState } from "preact/hooks";

/** The same code as text, for whoever pays on the telephone that shows it. */
export function CopyCode({ data }: { readonly data: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, say] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(data);
      say("Copied. Paste it in your bank's app.");
    } catch {
      // A browser that does not let pages copy lets people do it.
      field.current?.select();
      say("It is marked: copy it with your browser.");
    }
  };
  return (
    <div class="copy-code">
      <label htmlFor="code-text">Or copy the code</label>
      <textarea id="code-text" ref={field} readOnly rows={5} value={data} />
      <button type="button" class="second-act" onClick={() => void copy()}>
        Copy the code
      </button>
      <p class="fine-print" role="status">
        {said}
      </p>
    </div>
  );
}
