// Draws extension/icon.png: a target, and one shot that just missed it. Run by hand when the drawing changes.
import fs from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { root } from "./sources.mjs";

const size = 256;
/** Samples along each side of a pixel, against jagged edges. */
const samples = 4;
const background = [31, 36, 48];
const corner = 48;

/** From the back to the front: centre and radii in pixels, colour. */
const shapes = [
  { x: 118, y: 138, from: 74, to: 84, colour: [86, 112, 176] },
  { x: 118, y: 138, from: 44, to: 54, colour: [111, 143, 216] },
  { x: 118, y: 138, from: 0, to: 22, colour: [157, 184, 246] },
  { x: 196, y: 62, from: 0, to: 30, colour: background },
  { x: 196, y: 62, from: 0, to: 21, colour: [232, 145, 82] },
];

function colourAt(x, y) {
  const shape = shapes.findLast(({ x: cx, y: cy, from, to }) => {
    const distance = Math.hypot(x - cx, y - cy);
    return distance >= from && distance <= to;
  });
  return shape?.colour ?? background;
}

function covered(x, y) {
  const dx = Math.max(corner - x, x - (size - corner), 0);
  const dy = Math.max(corner - y, y - (size - corner), 0);
  return Math.hypot(dx, dy) <= corner;
}

function pixel(x, y) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const sx = x + ((i % samples) + 0.5) / samples;
    const sy = y + (Math.floor(i / samples) + 0.5) / samples;
    if (!covered(sx, sy)) continue;
    colourAt(sx, sy).forEach((value, channel) => (sum[channel] += value));
    sum[3] += 1;
  }
  return [...sum.slice(0, 3).map((value) => Math.round(value / Math.max(1, sum[3]))), Math.round((255 * sum[3]) / samples ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
// Eight bits a channel, RGB with alpha.
header.set([8, 6, 0, 0, 0], 8);
const rows = Array.from({ length: size }, (_, y) => [0, ...Array.from({ length: size }, (_, x) => pixel(x, y)).flat()]);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk("IHDR", header),
  chunk("IDAT", deflateSync(Buffer.from(rows.flat()), { level: 9 })),
  chunk("IEND", Buffer.alloc(0)),
]);
fs.writeFileSync(path.join(root, "extension", "icon.png"), png);
