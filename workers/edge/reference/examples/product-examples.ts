const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

export const productList = {
  region: "eu",
  country: "DE",
  currency: "EUR",
  pricesIncludeTax: true,
  crossesBorder: false,
  products: [
    {
      ...{ sku: "mug", name: "Mug", unitAmount: eur(1299) },
      facts: { warnings: "Hot drinks make the handle hot.", tariffCode: "69120023" },
    },
    { sku: "lamp", name: "Lamp", unitAmount: eur(6490) },
  ],
  shippingOptions: [
    { option: "standard", name: "Standard", amount: eur(490) },
    { option: "express", name: "Express", amount: eur(1290) },
  ],
};
