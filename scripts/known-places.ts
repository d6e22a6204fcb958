import { readFile, writeFile } from "node:fs/promises";
import { knownPlaces } from "./seed/known-places.ts";

// Writes the table of countries into docs/pricing.md, between its marks.
const PAGE = "docs/pricing.md";
const BETWEEN = /(<!-- known places -->\n)[\s\S]*?(\n<!-- end -->)/;
const page = await readFile(PAGE, "utf8");
await writeFile(
  PAGE,
  page.replace(BETWEEN, (_all, begin, end) => `${begin}${knownPlaces()}${end}`),
);
