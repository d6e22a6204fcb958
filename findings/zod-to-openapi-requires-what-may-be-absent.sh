#!/usr/bin/env bash
# @asteasolutions/zod-to-openapi 9.1.0 with zod 4.6.7 (npm), which @hono/zod-openapi 1.6.3 brings along:
# - a field that is `exactOptional()` may be absent and is written down as `required`;
# - of a pattern with a flag, the flag and the slash before it come into the pattern, which then matches nothing.
# zod's own `toJSONSchema` of the same schemas has neither. A generated client refuses good answers, and tools
# that make requests from the document send none that fits.
#
# Seen: below.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @asteasolutions/zod-to-openapi@9.1.0 zod@4.6.7
cat >run.mjs <<'JS'
import * as openapi from "@asteasolutions/zod-to-openapi";
import * as z from "zod";
openapi.extendZodWithOpenApi(z);
const Page = z.strictObject({ next: z.string().exactOptional(), last: z.string().optional() });
const Letters = z.string().regex(/^\p{L}+$/u);
const registry = new openapi.OpenAPIRegistry();
registry.register("Page", Page);
registry.register("Letters", Letters);
const generator = new openapi.OpenApiGeneratorV31(registry.definitions);
const { schemas } = generator.generateComponents().components;
const say = (who, page, letters) =>
  console.log(`${who}: required ${JSON.stringify(page.required ?? [])}, pattern ${letters.pattern}`);
console.log(`zod takes a page without next: ${Page.safeParse({}).success}`);
say("zod", z.toJSONSchema(Page), z.toJSONSchema(Letters));
say("zod-to-openapi", schemas.Page, schemas.Letters);
JS
node run.mjs | tee seen
diff seen - <<'SEEN'
zod takes a page without next: true
zod: required [], pattern ^\p{L}+$
zod-to-openapi: required ["next"], pattern ^\p{L}+$/u
SEEN
echo "as described"
