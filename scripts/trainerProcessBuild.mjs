/** esbuild's options for the process that trains adapters. `outfile` is for the caller to add. */
import path from "node:path";
import { fileURLToPath } from "node:url";

const scripts = path.dirname(fileURLToPath(import.meta.url));

export const trainerProcessOptions = {
  entryPoints: [path.join(scripts, "../server/runtime/training/trainerProcess.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "warning",
  legalComments: "none",
};
