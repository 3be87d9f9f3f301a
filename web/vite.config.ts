// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const shipped = ["preact", "@preact/signals", "@preact/signals-core", "uplot", "@fontsource-variable/geist"];

/** The licences of what is shipped, in one file beside it. */
const licences: Plugin = {
  name: "licences",
  generateBundle() {
    const texts = shipped.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`);
    this.emitFile({ type: "asset", fileName: "assets/licences.txt", source: texts.join("\n\n") });
  },
};

// One HTML file for each page: /lab and, for who asks for HTML, /. One folder /assets for both.
export default defineConfig({
  base: "/",
  plugins: [licences],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: process.env.COTERIE_WEB_OUT ?? "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: { input: { lab: "lab.html", dashboard: "dashboard.html" } },
  },
});
