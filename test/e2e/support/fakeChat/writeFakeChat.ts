import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { SampleTruth } from "../sampleTruth";

/** Puts an extension with scripted language models into a folder of extensions. They know what is true of the sample. */
export async function writeFakeChat(extensions: string): Promise<void> {
  const folder = path.join(extensions, "nearmiss-tests.scripted-models-1.0.0");
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(import.meta.dirname, "package.json"), path.join(folder, "package.json"));
  const { positives, unlabelled } = new SampleTruth();
  fs.writeFileSync(path.join(folder, "truth.json"), JSON.stringify({ positives, unlabelled }));
  await build({
    entryPoints: [path.join(import.meta.dirname, "main.ts")],
    outfile: path.join(folder, "main.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    logLevel: "warning",
  });
}
