const names = new Intl.DisplayNames("en", { type: "region" });

export function countryText(country: string): string {
  return names.of(country) ?? country;
}
