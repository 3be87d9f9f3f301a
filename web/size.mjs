// SPDX-License-Identifier: Apache-2.0
// Fails the build when a page weighs more than its budget, compressed, with all that it may load.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = 120 * 1024;
const root = process.env.COTERIE_WEB_OUT ?? "dist";
const assets = readdirSync(join(root, "assets")).filter((name) => name !== "licences.txt");

/** The files that `file` names, and those that these name. */
function reached(file, found = new Set()) {
  found.add(file);
  if (/\.(html|js|css)$/.test(file)) {
    const text = readFileSync(file, "utf8");
    for (const name of assets) {
      const asset = join(root, "assets", name);
      if (text.includes(name) && !found.has(asset)) reached(asset, found);
    }
  }
  return found;
}

let over = false;
const weights = readdirSync(root)
  .filter((name) => name.endsWith(".html"))
  .map((page) => {
    let sum = 0;
    for (const file of reached(join(root, page))) sum += gzipSync(readFileSync(file), { level: 9 }).length;
    over ||= sum > budget;
    return `${basename(page, ".html")} ${(sum / 1024).toFixed(1)} KiB`;
  });
console.log(`pages, compressed: ${weights.join(", ")}; each may weigh ${budget / 1024}`);
if (over) process.exit(1);
