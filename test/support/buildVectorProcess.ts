import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { buildModel } from "../../scripts/model/buildModel.mjs";
import { vectorProcessOptions } from "../../scripts/vectorProcessBuild.mjs";

const repository = path.resolve(import.meta.dirname, "../..");

/** Bundles the vector process from the present sources and gives its file. Several test processes may ask at once. */
export async function buildVectorProcess(): Promise<string> {
  const folder = path.join(repository, ".cache/test");
  const { outputFiles } = await build({ ...vectorProcessOptions, write: false, outfile: path.join(folder, "vectorProcess.cjs") });
  const bundle = outputFiles[0]!.contents;
  const file = path.join(folder, `vectorProcess-${createHash("sha256").update(bundle).digest("hex").slice(0, 12)}.cjs`);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${file}.${String(process.pid)}`, bundle);
    fs.renameSync(`${file}.${String(process.pid)}`, file);
  }
  return file;
}

/** The folder of the embedded model and the search graph, made where it is missing or old. */
export function builtModels(): string {
  const folder = path.join(repository, "dist/models");
  buildModel(folder);
  return folder;
}
