import { seedStatements } from "./seed/seed.ts";
import { taxRates } from "./seed/tax-rates.ts";

// For a deployed catalogue: `npm run -s tax-rates > tax-rates.sql`.
const rows = JSON.stringify(taxRates).replaceAll("'", "''");
console.log(`${seedStatements.taxRates.replace("?", () => `'${rows}'`)};`);
