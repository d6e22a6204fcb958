import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { AddressForm, addressFormOf } from "../../../../schema/address-form.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { Country, homeRegion } from "../../../../schema/regions.ts";
import { json, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const read = createRoute({
  method: "get",
  path: "/address-form/{country}",
  summary: "Which fields an address in a country has, in which order, and which may be left empty.",
  request: { params: z.object({ country: Country }) },
  responses: { 200: json(AddressForm, "The country's form."), default: problemAnswer },
});

export const addressForms = newApi();

on(addressForms, read, (c) => {
  const { country } = c.req.valid("param");
  if (!homeRegion(country)) return problem(c, refuse("country_not_served", { country }));
  // It changes with a release of ours and names nobody.
  c.header("Cache-Control", "private, max-age=3600");
  return c.json(addressFormOf(country), 200);
});
