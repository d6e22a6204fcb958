/** A variant's own name: "Hoodie" with "Red" and "L" is "Hoodie - Red / L". */
export function variantName(name: string, options: readonly string[]): string {
  const said = options.filter((option) => option !== "");
  return said.length === 0 || name === "" ? name : `${name} - ${said.join(" / ")}`;
}

/** The options that no word of the name says already. */
export function unsaid(name: string, options: readonly string[]): readonly string[] {
  const words = (text: string) =>
    ` ${text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .join(" ")} `;
  return options.filter((option) => !words(name).includes(words(option)));
}

/** Shops put an apostrophe before what a spreadsheet would take for a number or a formula. */
export function withoutApostrophe(text: string): string {
  return text.replace(/^'(?=[\d=+\-@])/, "");
}
