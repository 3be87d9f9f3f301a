// SPDX-License-Identifier: Apache-2.0
// One browser and one server for a file of tests. COTERIE_LAB_URL names a running node's admin
// address to test against; without it the built pages are served with made-up answers.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { serve } from "../fixture/server.mjs";

const names = ["chromium", "chromium-browser", "google-chrome"];
const found = process.env.CHROMIUM ?? process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);

/** Why the tests are left out, or false. */
export const skip = found ? false : "no Chromium on the PATH (install the package chromium, or set CHROMIUM)";

let browser;
let own;
let base = process.env.COTERIE_LAB_URL?.replace(/\/+$/, "");

export async function open() {
  if (skip) return;
  browser = await chromium.launch({ executablePath: found, args: ["--no-sandbox"] });
  if (!base) {
    own = await serve();
    base = own.base;
  }
}

export async function close() {
  await browser?.close();
  own?.server.closeAllConnections();
  own?.server.close();
}

export const address = () => base;

/** A page at any address; whatever it says on the console that is no good is in `page.troubles`. */
export async function visitAt(origin, path, { width = 1280, height = 720, motion = "reduce", dark = false } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: motion, colorScheme: dark ? "dark" : "light" });
  page.setDefaultTimeout(20_000);
  page.troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.troubles.push(message.text()));
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:" && asked !== new URL(origin).origin) page.troubles.push(`asked ${request.url()}`);
  });
  await page.goto(`${origin}${path}`);
  return page;
}

/** A page at the Lab. */
export async function visit({ link = "", ...how } = {}) {
  const page = await visitAt(base, `/lab${link}`, how);
  await ran(page);
  return page;
}

export const state = (page) => page.evaluate(() => window.__lab.state());

/** Waits until the page's state is as wanted, and answers it. */
export async function until(page, wanted, about) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const now = await state(page);
    if (wanted(now)) return now;
    if (Date.now() > deadline) assert.fail(`${about} did not come: ${JSON.stringify(now)}`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

export const ran = (page) => page.waitForFunction(() => { const s = window.__lab?.state(); return s && s.a.hash !== null && !s.a.running && !s.a.changed; });

export const at = (page, id) => page.locator(`[data-testid="${id}"]`);

export async function done(page) {
  assert.deepEqual(page.troubles, [], "the console is quiet and nothing is asked from elsewhere");
  await page.close();
}

/** The ids of elements that stick out of the window to the side, or overlap where they must not. */
export const brokenLayout = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) wrong.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
    // From a tablet on, columns scroll; the page does not.
    const tall = document.documentElement.clientHeight;
    if (wide > 820 && document.documentElement.scrollHeight > tall) wrong.push(`the page is ${document.documentElement.scrollHeight} tall in ${tall}`);
    for (const element of document.querySelectorAll("[data-testid]")) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || getComputedStyle(element).clipPath !== "none") continue;
      if (box.left < -1 || box.right > wide + 1) wrong.push(`${element.dataset.testid} from ${box.left.toFixed(0)} to ${box.right.toFixed(0)}`);
    }
    const parts = ["controls", "metrics", "stage", "transport", "charts"].map((id) => [id, document.querySelector(`[data-testid=${id}]`)?.getBoundingClientRect()]).filter(([, box]) => box && box.width > 0);
    for (const [one, a] of parts) for (const [other, b] of parts) {
      // The bar for playing stays at the lower edge of a phone, over what scrolls beneath it.
      if (one >= other || (wide < 821 && [one, other].includes("transport"))) continue;
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left), y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 2 && y > 2) wrong.push(`${one} overlaps ${other} by ${x.toFixed(0)} x ${y.toFixed(0)}`);
    }
    for (const part of document.querySelectorAll("[data-testid=controls], [data-testid=stage], [data-testid=transport], [data-testid^=metric-]")) {
      const id = part.dataset.testid;
      const box = part.getBoundingClientRect();
      for (const child of part.querySelectorAll("button, output, select, input, h2, p, b, small, canvas")) {
        const { left, right, width } = child.getBoundingClientRect();
        if (width > 0 && (left < box.left - 1 || right > box.right + 1)) wrong.push(`${child.dataset.testid ?? child.textContent} sticks out of ${id}`);
      }
    }
    for (const button of document.querySelectorAll("button, select, input, output")) {
      if (button.clientWidth > 0 && button.scrollWidth > button.clientWidth + 2 && getComputedStyle(button).overflow === "visible") wrong.push(`${button.dataset.testid ?? button.textContent} is cut`);
    }
    return wrong;
  });
