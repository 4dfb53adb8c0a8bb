/**
 * esbuild's options for the process that owns the vectors. `outfile` is for the caller to add; beside it, or above it, Node must find
 * node_modules with the packages of `scripts/runtimeFiles.mjs`.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

const scripts = path.dirname(fileURLToPath(import.meta.url));
const stub = path.join(scripts, "stubs/empty.cjs");

export const vectorProcessOptions = {
  entryPoints: [path.join(scripts, "../server/runtime/vectors/vectorProcess.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["onnxruntime-node", "hnswlib-node"],
  alias: { sharp: stub, "onnxruntime-web": stub },
  // CommonJS has no import.meta; @xenova/transformers and createRequire ask for the module's own address.
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  logLevel: "warning",
  legalComments: "none",
};
