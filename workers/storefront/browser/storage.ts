/** What this browser remembers of the shopper: no address, no card. Tabs share it. */
type Kept = {
  /** The country last chosen. */
  "shop.country": string;
  /** The cart: both tabs buy from the same one, and it follows the country. */
  "shop.cart": string;
  /** Who has logged in, and what proves it for a day. */
  "shop.customer": { readonly customerId: string; readonly customerToken: string };
  /** The secret of each checkout begun here; the last few are enough. */
  "shop.sales": Readonly<Record<string, string>>;
  /** The checkout that the cart is in, while it is neither bought nor given up. */
  "shop.checkout": string;
};

export function kept<K extends keyof Kept>(name: K): Kept[K] | undefined {
  try {
    const text = localStorage.getItem(name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined; // a browser that keeps nothing still sells
  }
}

export function keep<K extends keyof Kept>(name: K, value: Kept[K] | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // As above: the sale goes on in this tab alone.
  }
}

/** Another tab kept something new. */
export function onKeptElsewhere(name: keyof Kept, listener: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === name) listener();
  });
}
