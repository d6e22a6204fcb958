/** How many decimals Adyen counts a currency with. Source: https://docs.adyen.com/development-resources/currency-codes */
export function minorDigits(currency: string): number {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  return digits.maximumFractionDigits ?? 2;
}
