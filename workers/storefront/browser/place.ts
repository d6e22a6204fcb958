import { signal } from "@preact/signals";

/** Where in the shop the visitor is. The address bar says the same. */
export type Place = {
  readonly page: "shop" | "checkout" | "withdraw";
  /** Comes back from the bank with the shopper. */
  readonly checkoutId: string | undefined;
};

export const place = signal<Place>(read());

function read(): Place {
  const { pathname, searchParams } = new URL(location.href);
  const checkoutId = searchParams.get("checkoutId") ?? undefined;
  if (pathname === "/withdraw") return { page: "withdraw", checkoutId: undefined };
  return { page: pathname === "/checkout" ? "checkout" : "shop", checkoutId };
}

/** Moves on without loading the page anew, and puts the reader at its top. */
export function goTo(path: string): void {
  history.pushState(null, "", path);
  place.value = read();
  scrollTo({ top: 0 });
  document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
}

addEventListener("popstate", () => {
  place.value = read();
});
