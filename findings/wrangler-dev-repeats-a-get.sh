#!/usr/bin/env bash
# wrangler 4.155.0: a Worker under `wrangler dev` that drops the connection of a GET is asked a second time by the proxy
# in front of it, and the caller sees the second answer; of a POST the caller sees a 500 that the Worker never sent.
#
# Who tests how a client takes a lost answer (the server acted, the reply never came) by breaking the connection in a
# local Worker tests nothing with a GET: it acts twice and answers 200. Under miniflare alone, which `wrangler dev` wraps,
# the caller's connection breaks, as it would on the way to a real server.
#
# The Worker breaks the first answer of each method by a body that errors before its first byte, and counts calls.
# Seen:
#   GET 200 after 2 calls
#   POST 500 after 1 calls
set -euo pipefail
folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill -TERM -- "-$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund wrangler@4.155.0 node@24.21.0
cat >worker.js <<'JS'
const calls = {};
const dropped = () => new ReadableStream({ start: (controller) => controller.error(new Error("dropped")) });
export default {
  async fetch(request) {
    if (new URL(request.url).pathname === "/calls") return Response.json(calls);
    const nth = (calls[request.method] = (calls[request.method] ?? 0) + 1);
    return new Response(nth === 1 ? dropped() : "answered");
  },
};
JS
export PATH="$folder/node_modules/node/bin:$PATH" WRANGLER_SEND_METRICS=false CI=true
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
setsid npx wrangler dev worker.js --compatibility-date 2026-10-01 --ip 127.0.0.1 --port "$port" --inspector-port 0 >log 2>&1 &
server=$!
for _ in $(seq 1 120); do
  curl -s -o /dev/null "http://127.0.0.1:$port/calls" && break
  sleep 0.5
done
for method in GET POST; do
  status=$(curl -s -o /dev/null -w '%{http_code}' -X "$method" "http://127.0.0.1:$port/" || true)
  calls=$(curl -s "http://127.0.0.1:$port/calls" | node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8')).$method")
  echo "$method $status after $calls calls"
done | tee seen
diff seen - <<'SEEN'
GET 200 after 2 calls
POST 500 after 1 calls
SEEN
echo "as described"
