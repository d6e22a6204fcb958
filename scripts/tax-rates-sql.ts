import { seedStatements } from "./seed.ts";
import { taxRates } from "./tax-rates.ts";

// For a deployed catalogue: `npm run -s tax-rates > tax-rates.sql`.
const rows = JSON.stringify(taxRates).replaceAll("'", "''");
console.log(`${seedStatements.taxRates.replace("?", () => `'${rows}'`)};`);
