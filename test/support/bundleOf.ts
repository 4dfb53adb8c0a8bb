import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { build, type BuildOptions } from "esbuild";

const folder = path.resolve(import.meta.dirname, "../../.cache/test");

/** Bundles a process from the present sources and gives its file. Several test processes may ask at once. */
export async function bundleOf(name: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...options, write: false, outfile: path.join(folder, `${name}.cjs`) });
  const bundle = outputFiles[0]!.contents;
  const file = path.join(folder, `${name}-${createHash("sha256").update(bundle).digest("hex").slice(0, 12)}.cjs`);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${file}.${String(process.pid)}`, bundle);
    fs.renameSync(`${file}.${String(process.pid)}`, file);
  }
  return file;
}
