// Writes the JSON schema of the configuration file: `node scripts/generateSchema.mjs [--check]`.
//
// The valibot schema in server/core/config/config.ts is the only declaration; with --check nothing is written, and the exit code is 1 where
// the file on disk is not what the declaration gives.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const target = path.join(root, "extension/schemas/config.schema.json");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-schema-"));

try {
  const outfile = path.join(scratch, "jsonSchema.mjs");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["server/core/config/jsonSchema.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
    logLevel: "warning",
  });
  const { configJsonSchema } = await import(pathToFileURL(outfile).href);
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  const present = fs.existsSync(target) ? fs.readFileSync(target, "utf8") : "";
  if (present !== text && process.argv.includes("--check")) {
    console.error("extension/schemas/config.schema.json is out of date: run node scripts/generateSchema.mjs");
    process.exitCode = 1;
  } else if (present !== text) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
    console.log("wrote extension/schemas/config.schema.json");
  }
} finally {
  fs.rmSync(scratch, { recursive: true });
}
