#!/usr/bin/env bash
# zod 4.6.7: `.partial()` makes a field with `.default()` optional in its type, and still fills it in.
#
# Who writes PATCH bodies as `Settings.partial()` expects absent fields to stay absent, so that only what was sent is
# changed. They come out with their defaults instead, and the spread over what is stored resets what nobody named.
# The way out: partial over the schema without defaults, or `.unwrap()` each default first.
#
# Seen: {"mode":"down","features":[]}   and with the default unwrapped: {"mode":"down"}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7

cat >run.mjs <<'JS'
import * as z from "zod";
const Settings = z.object({ mode: z.string().default("up"), features: z.array(z.string()).default([]) });
console.log(JSON.stringify(Settings.partial().parse({ mode: "down" })));
const bare = z.object(Object.fromEntries(Object.entries(Settings.shape).map(([name, field]) => [name, field.unwrap()])));
console.log(JSON.stringify(bare.partial().parse({ mode: "down" })));
JS
node run.mjs | tee seen
diff seen - <<'SEEN'
{"mode":"down","features":[]}
{"mode":"down"}
SEEN
echo "as described"
