// What a build is made from, so that commands can tell whether the last one is still good.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const inputs = ["extension", "server", "webview", "scripts", "package.json", "package-lock.json"];
const stampFile = path.join(root, "dist", "build.json");

/** A hash over names, sizes and times of everything that goes into `dist`. */
export function sourceStamp() {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of filesBelow(path.join(root, input))) {
      const { size, mtimeMs } = fs.statSync(file);
      hash.update(`${path.relative(root, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}

/** The kind and sources of the build in `dist`; undefined where there is none. */
export function presentBuild() {
  return fs.existsSync(stampFile) ? JSON.parse(fs.readFileSync(stampFile, "utf8")) : undefined;
}

export function recordBuild(minified, stamp) {
  fs.writeFileSync(stampFile, JSON.stringify({ stamp, minified }));
}

function filesBelow(place) {
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place)
    .filter((name) => name !== "node_modules" && !name.endsWith(".tsbuildinfo"))
    .sort()
    .flatMap((name) => filesBelow(path.join(place, name)));
}
