import { judged } from "../../pricing/flags/testing/client-specification.ts";

/** Answers how the cases of Unleash's client specification come out on this runtime. */
export default {
  fetch: async () => Response.json(await judged()),
};
