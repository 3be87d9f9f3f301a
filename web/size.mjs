// SPDX-License-Identifier: Apache-2.0
// Fails the build when the pages weigh more than their budget, compressed, all files of all pages together.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = 120 * 1024;
const root = process.env.COTERIE_WEB_OUT ?? "dist";
let sum = 0;
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  sum += gzipSync(readFileSync(file), { level: 9 }).length;
}
const kib = (sum / 1024).toFixed(1);
if (sum > budget) {
  console.error(`pages: ${kib} KiB compressed, above the budget of ${budget / 1024} KiB`);
  process.exit(1);
}
console.log(`pages: ${kib} KiB compressed, of ${budget / 1024}`);
