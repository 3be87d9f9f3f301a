// SPDX-License-Identifier: Apache-2.0
// The dashboard as tests see it: opened, what it was told, and what is broken in its layout.
import { visitAt } from "./browser.mjs";

export async function boardAt(origin, how = {}, path = "/") {
  const page = await visitAt(origin, path, how);
  await page.waitForFunction(() => window.__dashboard?.state().state && window.__dashboard.state().hour);
  return page;
}

export const told = (page) => page.evaluate(() => window.__dashboard.state().state);

/** What sticks out of the window or of its part, or lies over another part. */
export const broken = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) wrong.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
    const parts = [...document.querySelectorAll("main > section")];
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      if (box.width < 100 || box.height < 30) wrong.push(`${part.id} is ${box.width} x ${box.height}`);
      for (const child of part.querySelectorAll("h1, h2, h3, p, li, b, canvas, button, input, .tile")) {
        if (child.closest(".table-place, .matrix-place, .u-wrap")) continue;
        const { left, right, width } = child.getBoundingClientRect();
        if (width > 0 && (left < box.left - 1 || right > box.right + 1)) wrong.push(`${child.textContent.slice(0, 30)} sticks out of ${part.id}`);
      }
      for (const other of parts) {
        const next = other.getBoundingClientRect();
        if (other !== part && Math.min(box.right, next.right) - Math.max(box.left, next.left) > 2 && Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top) > 2) wrong.push(`${part.id} overlaps ${other.id}`);
      }
    }
    for (const chart of document.querySelectorAll(".chart-place canvas")) if (chart.width < 50) wrong.push("a chart is not drawn");
    return wrong;
  });
