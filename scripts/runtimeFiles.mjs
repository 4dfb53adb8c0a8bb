/**
 * The files of node_modules that run beside the bundles, for one platform. Everything else is bundled.
 */
import fs from "node:fs";
import path from "node:path";

/** Libraries that load a binary module by a path relative to their own files, and therefore cannot be bundled. */
const COMMON = [
  "node_modules/onnxruntime-node/package.json",
  "node_modules/onnxruntime-node/dist/backend.js",
  "node_modules/onnxruntime-node/dist/binding.js",
  "node_modules/onnxruntime-node/dist/index.js",
  "node_modules/onnxruntime-common/package.json",
  "node_modules/onnxruntime-common/dist/ort-common.node.js",
  "node_modules/hnswlib-node/package.json",
  "node_modules/hnswlib-node/LICENSE.txt",
  "node_modules/hnswlib-node/lib/index.js",
  "node_modules/hnswlib-node/build/Release/addon.node",
  "node_modules/bindings/package.json",
  "node_modules/bindings/bindings.js",
  "node_modules/bindings/LICENSE.md",
  "node_modules/file-uri-to-path/package.json",
  "node_modules/file-uri-to-path/index.js",
  "node_modules/file-uri-to-path/LICENSE",
];

/** Files relative to the repository. hnswlib-node is compiled at install, so only the machine's own platform can be packed. */
export function runtimeFiles(repository, platform = process.platform, arch = process.arch) {
  const binaries = `node_modules/onnxruntime-node/bin/napi-v3/${platform}/${arch}`;
  const names = fs.readdirSync(path.join(repository, binaries)).sort();
  return [...COMMON, ...names.map((name) => `${binaries}/${name}`)];
}
