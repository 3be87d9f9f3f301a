// SPDX-License-Identifier: Apache-2.0
// A chart as SVG: it is drawn once more, onto a canvas that writes down what is drawn on it.
import uPlot from "uplot";

type Box = [number, number, number, number];

/** A path in SVG's words. Takes the place of Path2D while a chart is drawn. */
class Path {
  d = "";
  constructor(other?: Path | string) {
    if (other) this.d = typeof other === "string" ? other : other.d;
  }
  moveTo(x: number, y: number) {
    this.d += `M${short(x)} ${short(y)}`;
  }
  lineTo(x: number, y: number) {
    this.d += `${this.d ? "L" : "M"}${short(x)} ${short(y)}`;
  }
  bezierCurveTo(...points: number[]) {
    this.d += `C${points.map(short).join(" ")}`;
  }
  rect(...[x, y, width, height]: Box) {
    this.d += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
  }
  arc(x: number, y: number, r: number) {
    // Only whole circles are drawn.
    this.d += `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0`;
  }
  closePath() {
    this.d += "z";
  }
  addPath(other: Path) {
    this.d += other.d;
  }
}

/** No two drawings of a page name a clip alike, so that they can stand in one document. */
let clipped = 0;

const short = (value: number) => String(+value.toFixed(2));
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Stands for a canvas's context: passes everything on to the true one, and writes down what becomes visible. */
function recorder(true2d: CanvasRenderingContext2D, written: string[]): CanvasRenderingContext2D {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const colours = new Map<string, string>();
  const colourOf = (style: string) => {
    let known = colours.get(style);
    if (!known) {
      probe.clearRect(0, 0, 1, 1);
      probe.fillStyle = style;
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
      known = `rgb(${r},${g},${b})" OPACITY="${short(a! / 255)}`;
      colours.set(style, known);
    }
    return known;
  };
  let path = new Path();
  let clips: string[] = [];
  const stack: string[][] = [];
  const draw = (element: string, inner = "") => {
    const { a, b, c, d, e, f } = true2d.getTransform();
    const moved = a === 1 && b === 0 && c === 0 && d === 1 && e === 0 && f === 0 ? "" : ` transform="matrix(${[a, b, c, d, e, f].map(short).join(" ")})"`;
    const alpha = true2d.globalAlpha === 1 ? "" : ` opacity="${short(true2d.globalAlpha)}"`;
    const end = inner ? `>${inner}</text>` : "/>";
    written.push(`${clips.map((id) => `<g clip-path="url(#${id})">`).join("")}<${element}${moved}${alpha}${end}${"</g>".repeat(clips.length)}`);
  };
  const paint = (of: "fill" | "stroke") => colourOf(String(of === "fill" ? true2d.fillStyle : true2d.strokeStyle)).replace("OPACITY", `${of}-opacity`);
  const filled = (d: string) => d && draw(`path d="${d}" fill="${paint("fill")}"`);
  const own: Record<string, (...given: never[]) => unknown> = {
    beginPath: () => (path = new Path()),
    fill: (given?: Path) => filled((given ?? path).d),
    stroke: (given?: Path) => {
      const dash = true2d.getLineDash().map(short).join(" ");
      const { d } = given ?? path;
      if (d && true2d.lineWidth > 0) draw(`path d="${d}" fill="none" stroke="${paint("stroke")}" stroke-width="${short(true2d.lineWidth)}"${dash ? ` stroke-dasharray="${dash}"` : ""}`);
    },
    fillRect: (...box: Box) => {
      const one = new Path();
      one.rect(...box);
      filled(one.d);
    },
    clip: (given?: Path) => {
      const id = `clip${clipped++}`;
      written.push(`<clipPath id="${id}"><path d="${(given ?? path).d}"/></clipPath>`);
      clips = [...clips, id];
    },
    save: () => {
      stack.push(clips);
      true2d.save();
    },
    restore: () => {
      clips = stack.pop() ?? [];
      true2d.restore();
    },
    fillText: (text: string, x: number, y: number) => {
      const anchor = { center: "middle", right: "end", end: "end" }[true2d.textAlign as string] ?? "start";
      const base = { top: "hanging", middle: "central" }[true2d.textBaseline as string] ?? "auto";
      const [, size = "11px", family = ""] = /([\d.]+px) (.*)$/.exec(true2d.font) ?? [];
      if (text) draw(`text x="${short(x)}" y="${short(y)}" font-size="${size}" font-family="${escaped(family)}" text-anchor="${anchor}" dominant-baseline="${base}" fill="${paint("fill")}"`, escaped(text));
    },
  };
  for (const name of ["moveTo", "lineTo", "bezierCurveTo", "rect", "arc", "closePath"] as const) {
    own[name] = (...given: never[]) => (path[name] as (...all: never[]) => void)(...given);
  }
  return new Proxy(true2d, {
    get: (target, name) => {
      const mine = own[name as string];
      if (mine) return mine;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value as (...all: unknown[]) => unknown).bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value),
  });
}

/** The chart that these options make, as the text of an SVG file. */
export async function svgOf(options: uPlot.Options, data: uPlot.AlignedData, paper: string): Promise<string> {
  const written: string[] = [];
  const { getContext } = HTMLCanvasElement.prototype;
  const { Path2D } = window;
  const place = document.createElement("div");
  place.hidden = true;
  document.body.append(place);
  let canvas: HTMLCanvasElement | undefined;
  try {
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: unknown[]) {
      const made = getContext.apply(this, given as Parameters<typeof getContext>) as CanvasRenderingContext2D;
      return recorderOnce(made, written);
    } as typeof getContext;
    window.Path2D = Path as unknown as typeof Path2D;
    const plot = new uPlot(options, data, place);
    canvas = plot.ctx.canvas;
    HTMLCanvasElement.prototype.getContext = getContext;
    await Promise.resolve();
    await Promise.resolve();
    plot.destroy();
  } finally {
    HTMLCanvasElement.prototype.getContext = getContext;
    window.Path2D = Path2D;
    place.remove();
  }
  const { width = 0, height = 0 } = canvas ?? {};
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${options.width}" height="${options.height}"><rect width="100%" height="100%" fill="${paper}"/>${written.join("\n")}</svg>\n`;
}

let probing = false;

/** The recorder's own canvas is not recorded. */
function recorderOnce(made: CanvasRenderingContext2D, written: string[]) {
  if (probing) return made;
  probing = true;
  try {
    return recorder(made, written);
  } finally {
    probing = false;
  }
}
