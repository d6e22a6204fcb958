import { useMemo } from "preact/hooks";
import { renderSVG } from "uqr";

const QUIET_MODULES = 4; // the white edge that readers need; ISO/IEC 18004

/** A code for the shopper's telephone, black on white whatever the page's colours are. */
export function QrCode({ data, label }: { readonly data: string; readonly label: string }) {
  const src = useMemo(() => {
    const svg = renderSVG(data, { border: QUIET_MODULES });
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [data]);
  return <img class="qr" src={src} alt={label} width="280" height="280" />;
}
