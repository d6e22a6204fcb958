import { computed, effect, signal } from "@preact/signals";
import type { AddressForm } from "../../../schema/address-form.ts";
import type { ProductList } from "../../../schema/product.ts";
import { type Answer, call } from "../browser/shop-api.ts";
import { keep, kept } from "../browser/storage.ts";
import { type Market, marketOf } from "./markets.ts";

const country = signal(kept("shop.country") ?? "DE");

/** Where the shopper is, and what they pay with. */
export const market = computed<Market>(() => marketOf(country.value));
export const shelf = signal<Answer<ProductList> | undefined>(undefined);

/** Which fields an address has there; undefined until the shop has told. */
export const addressForm = signal<Answer<AddressForm> | undefined>(undefined);

export function chooseCountry(chosen: string): void {
  country.value = chosen;
  keep("shop.country", chosen);
}

export async function loadShelf({ country, currency }: Market): Promise<void> {
  const answer = await wholeShelf(`/products?currency=${currency}&country=${country}`);
  if (market.peek().country === country) shelf.value = answer;
}

export async function loadAddressForm({ country }: Market): Promise<void> {
  if (addressForm.peek()?.ok && formCountry() === country) return;
  addressForm.value = undefined;
  const answer = await call<AddressForm>(`/address-form/${country}`);
  if (market.peek().country === country) addressForm.value = answer;
}

function formCountry(): string | undefined {
  const form = addressForm.peek();
  return form?.ok ? form.body.country : undefined;
}

/** Page after page: a window shows all that there is. */
async function wholeShelf(path: string): Promise<Answer<ProductList>> {
  const first = await call<ProductList>(path);
  if (!first.ok) return first;
  const products = [...first.body.products];
  for (let { next } = first.body; next; ) {
    const page = await call<ProductList>(`${path}&cursor=${encodeURIComponent(next)}`);
    if (!page.ok) return page;
    products.push(...page.body.products);
    next = page.body.next;
  }
  return { ...first, body: { ...first.body, products } };
}

effect(() => {
  void loadShelf(market.value);
});

export const products = computed(() => (shelf.value?.ok ? shelf.value.body.products : []));

export function nameOf(sku: string): string {
  return products.value.find((product) => product.sku === sku)?.name ?? sku;
}
