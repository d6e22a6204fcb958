import { encode } from "uqr";

const QUIET_MODULES = 4; // the white that a reader needs around a code

/** A QR code, black on white whatever the page's colours are. `label` is what a screen reader hears. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: QUIET_MODULES });
  const modules = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg class="qr-code" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <rect width={size} height={size} fill="#fff" />
      <path d={modules.join("")} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
