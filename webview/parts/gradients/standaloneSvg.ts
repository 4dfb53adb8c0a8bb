/** One entry of a plot's legend: its sign, as it is drawn in the panel, and its words. */
export interface LegendItem {
  readonly sign: SVGSVGElement | null;
  readonly words: string;
}

export interface Picture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

const NS = "http://www.w3.org/2000/svg";
const PADDING = 12;
const CAPTION = 24;
const LEGEND = 18;
/** Pixels of a letter of the legend, on the safe side. */
const LETTER = 6.2;
/** The same for the title. */
const CAPTION_LETTER = 8;

const paints = ["fill", "stroke"] as const;
/** Other properties that the panel's style sheets set and a child has from its parent. */
const inherited = [
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
  "text-anchor",
] as const;
/** Everything that is taken over as it is computed, and so must not stay as it was written. */
const replaced = [...paints, ...paints.map((paint) => `${paint}-opacity`), ...inherited, "opacity"];

/**
 * A plot as it is shown, as an SVG that stands alone: colours and fonts as they are computed from the theme, its ground, its title and its
 * legend. Needs the plot to be in the page.
 */
export function standaloneSvg(plot: SVGSVGElement, title: string, legend: readonly LegendItem[]): Picture {
  const { width: plotWidth, height: plotHeight } = plot.viewBox.baseVal;
  const ground = groundOf(plot);
  const ink = plainColour(getComputedStyle(plot).color).colour;
  const inner = Math.max(plotWidth, Math.ceil(title.length * CAPTION_LETTER));
  const rows = legendRows(legend, inner);
  const [width, height] = [inner + 2 * PADDING, CAPTION + plotHeight + rows.length * LEGEND + 2 * PADDING];
  const font = getComputedStyle(plot).fontFamily;
  const picture = element("svg", { xmlns: NS, width, height, viewBox: `0 0 ${String(width)} ${String(height)}`, role: "img", color: ink });
  picture.append(
    titled(title),
    element("rect", { width, height, fill: ground }),
    words(title, { x: PADDING, y: PADDING + 12, fill: ink, "font-family": font, "font-size": 13, "font-weight": 600 }),
    copyAt(plot, PADDING, PADDING + CAPTION),
  );
  rows.forEach((row, index) => {
    const y = PADDING + CAPTION + plotHeight + index * LEGEND + 4;
    for (const { sign, words: label, x } of row) {
      if (sign !== null) picture.append(copyAt(sign, PADDING + x, y));
      picture.append(words(label, { x: PADDING + x + 16, y: y + 9, fill: ink, "font-family": font, "font-size": 11 }));
    }
  });
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

/** The picture's pixels as PNG in base64, at twice its size for sharp screens. Undefined where it cannot be drawn. */
export async function pngOf({ text, width, height }: Picture): Promise<string | undefined> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  try {
    await image.decode();
  } catch {
    // The caller says so, with what to do instead.
    return undefined;
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png").split(",")[1];
}

/** A copy that needs no style sheet, moved to a place. */
function copyAt(original: SVGSVGElement, x: number, y: number): SVGElement {
  const copy = element("g", { transform: `translate(${String(x)} ${String(y)})` });
  const { x: left, y: top } = original.viewBox.baseVal;
  const inner = element("g", { transform: `translate(${String(-left)} ${String(-top)})` });
  setStyles(inner, getComputedStyle(original), undefined);
  for (const child of original.children) inner.append(styledCopy(child, getComputedStyle(original)));
  copy.append(inner);
  return copy;
}

function styledCopy(original: Element, above: CSSStyleDeclaration): Element {
  const copy = original.cloneNode(false) as Element;
  for (const { name } of [...copy.attributes]) if (name === "class" || name.startsWith("aria-")) copy.removeAttribute(name);
  if (original instanceof SVGElement) {
    const computed = getComputedStyle(original);
    setStyles(copy, computed, above);
    for (const child of original.childNodes) copy.append(child instanceof Element ? styledCopy(child, computed) : child.cloneNode());
  }
  return copy;
}

function setStyles(copy: Element, computed: CSSStyleDeclaration, above: CSSStyleDeclaration | undefined): void {
  for (const name of replaced) copy.removeAttribute(name);
  for (const name of paints) {
    const { colour, opacity } = paintOf(computed, name);
    const before = above === undefined ? undefined : paintOf(above, name);
    if (colour !== before?.colour) copy.setAttribute(name, colour);
    if (opacity !== (before?.opacity ?? 1)) copy.setAttribute(`${name}-opacity`, String(opacity));
  }
  for (const name of inherited) {
    const value = computed.getPropertyValue(name);
    if (value !== "" && value !== above?.getPropertyValue(name)) copy.setAttribute(name, value);
  }
  if (computed.opacity !== "1") copy.setAttribute("opacity", computed.opacity);
}

/** A paint without transparency of its own, which not every program reads: that goes into the paint's opacity. */
function paintOf(computed: CSSStyleDeclaration, name: "fill" | "stroke"): { readonly colour: string; readonly opacity: number } {
  const { colour, alpha } = plainColour(computed.getPropertyValue(name));
  const opacity = alpha * Number(computed.getPropertyValue(`${name}-opacity`));
  return { colour, opacity: Number(opacity.toPrecision(4)) };
}

/** A computed colour as rgb() and its alpha; `none` and the like stay as they are. */
export function plainColour(value: string): { readonly colour: string; readonly alpha: number } {
  const mixed = /^color\(srgb (.+)\)$/u.exec(value);
  const plain = /^rgba?\((.+)\)$/u.exec(value);
  const numbers = ((mixed ?? plain)?.[1] ?? "").split(/[\s,/]+/u).map(Number);
  if (numbers.length < 3 || numbers.some(Number.isNaN)) return { colour: value, alpha: 1 };
  const channels = numbers.slice(0, 3).map((channel) => Math.round(mixed === null ? channel : Math.min(1, Math.max(0, channel)) * 255));
  return { colour: `rgb(${channels.join(", ")})`, alpha: numbers[3] ?? 1 };
}

/** What the plot stands on: the first colour behind it that lets nothing through. */
function groundOf(plot: Element): string {
  for (let at: Element | null = plot; at !== null; at = at.parentElement) {
    const { colour, alpha } = plainColour(getComputedStyle(at).backgroundColor);
    if (alpha === 1 && colour !== "transparent") return colour;
  }
  return "white";
}

type PlacedItem = LegendItem & { readonly x: number };

function legendRows(legend: readonly LegendItem[], width: number): readonly (readonly PlacedItem[])[] {
  const rows: PlacedItem[][] = [];
  let x = Infinity;
  for (const item of legend) {
    const needed = 16 + item.words.length * LETTER + 12;
    if (x + needed > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ ...item, x });
    x += needed;
  }
  return rows;
}

function titled(text: string): SVGElement {
  const title = element("title", {});
  title.textContent = text;
  return title;
}

function words(text: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const line = element("text", attributes);
  line.textContent = text;
  return line;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") made.setAttribute(key, String(value));
  return made;
}
