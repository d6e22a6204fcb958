#!/usr/bin/env bash
# Node.js 20.20.2, the newest 20: TextDecoder("windows-1252") reads the bytes 0x80 to 0x9F as the control
# characters U+0080 to U+009F. The euro sign, typographic quotes and dashes of every file that Excel saves
# as CSV in Western Europe are silently lost, also with { fatal: true }. Node.js 24.21.0 reads them.
#
# Seen:
#   20.20.2 windows-1252 80 92 93 96
#   24.21.0 windows-1252 20ac 2019 201c 2013
#
# Right by https://encoding.spec.whatwg.org/index-windows-1252.txt. Known: https://github.com/nodejs/node/issues/60888
# Here: scripts run on the pinned Node 24, and the import refuses a row that has such a control character.
set -euo pipefail

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *) echo "no Node.js package for this machine" >&2; exit 1 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The bytes of: € ’ “ –
cat > "$folder/decode.cjs" <<'JS'
const decoder = new TextDecoder("windows-1252", { fatal: true });
const letters = [...decoder.decode(Uint8Array.from([0x80, 0x92, 0x93, 0x96]))];
const codes = letters.map((letter) => letter.codePointAt(0).toString(16)).join(" ");
console.log(process.versions.node, decoder.encoding, codes);
JS

seen=""
decoded_by() { # the package with its version, and where it goes
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/$2" "$1" >&2
  "$folder/$2/node_modules/node-$platform/bin/node" "$folder/decode.cjs"
}
seen+="$(decoded_by "node-$platform@20.20.2" twenty)"$'\n'
seen+="$(decoded_by "node-$platform@24.21.0" twenty-four)"$'\n'
printf '%s' "$seen"

expected=$'20.20.2 windows-1252 80 92 93 96\n24.21.0 windows-1252 20ac 2019 201c 2013\n'
if [ "$seen" != "$expected" ]; then
  echo "This has changed: the finding no longer holds." >&2
  exit 1
fi
