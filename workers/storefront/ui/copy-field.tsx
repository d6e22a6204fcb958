import { useRef, useState } from "preact/hooks";

const COPIED_MS = 4_000; // long enough to be read, and to be heard

type Props = { readonly label: string; readonly text: string };

/** A long text that the shopper carries to another app: by one press, or by selecting it. */
export function CopyField({ label, text }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState("");
  const copy = async () => {
    field.current?.select();
    setSaid(await copied(text));
    setTimeout(() => setSaid(""), COPIED_MS);
  };
  return (
    <div class="copy">
      <label class="field" htmlFor="payment-code">
        <span>{label}</span>
        <textarea id="payment-code" ref={field} readOnly rows={4} value={text} />
      </label>
      <button type="button" class="act" onClick={() => void copy()}>
        Copy the code
      </button>
      <span role="status">{said}</span>
    </div>
  );
}

async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    return "Your browser will not copy by itself: the code is selected"; // as some browsers are set up
  }
}
