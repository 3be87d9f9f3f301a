#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the pages into the folder $1. Called by Maven on each build of coterie-server; does nothing
# when no source is newer than what stands there. Without npm, or without a way to the packages, the
# pages are left out and everything else is built; a mistake in the pages fails the build.
set -euo pipefail
out=$1
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

leave_out() {
  printf 'pages: left out: %s\n' "$1" >&2
  exit 0
}

if [[ -f $out/lab.html ]] && [[ -z $(find src lab.html dashboard.html package-lock.json vite.config.ts tsconfig.json build.sh -newer "$out/lab.html" -print -quit) ]]; then
  exit 0
fi
command -v npm >/dev/null && command -v node >/dev/null || leave_out 'no npm found; install Node.js 20.19 or newer to have them'
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  leave_out "Node.js $(node --version) is too old; the pages need 20.19 or newer"
if [[ ! -f node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
  npm ci --silent --no-progress >/dev/null || leave_out 'npm ci could not fetch the packages'
fi
mkdir -p -- "$out"
COTERIE_WEB_OUT=$out npm run --silent build
