// Runs a measurement as a bundle under plain Node: a test runner's own work would stand in the figures.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import esbuild from "esbuild";
import { root } from "./sources.mjs";

/** In a bundle all modules have one address; what they find beside themselves is found from their own. */
const ownAddress = {
  name: "own-address",
  setup(build) {
    build.onLoad({ filter: /[\\/](test|scripts)[\\/].*\.m?[jt]s$/ }, ({ path: file }) => {
      const own = { url: pathToFileURL(file).href, dirname: path.dirname(file) };
      // Not in quotes: an option of esbuild has this name.
      const contents = fs
        .readFileSync(file, "utf8")
        .replaceAll(/(?<!")import\.meta\.(url|dirname)/g, (_, name) => JSON.stringify(own[name]));
      return { contents, loader: file.endsWith("ts") ? "ts" : "js" };
    });
  },
};

/** Bundles `entry`, relative to the repository, and runs it with the arguments of this process. Gives its exit code. */
export async function runBundled(entry) {
  const outfile = path.join(root, ".cache", path.basename(path.dirname(entry)), "main.mjs");
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // jsonc-parser's CommonJS entry is UMD, whose inner requires no bundler sees.
    mainFields: ["module", "main"],
    sourcemap: true,
    external: ["esbuild", "vite", "playwright-core", "onnxruntime-node", "hnswlib-node"],
    // CommonJS packages in an ES module bundle call `require`, which a module does not have by itself.
    banner: { js: 'import { createRequire as requireMaker } from "node:module"; const require = requireMaker(import.meta.url);' },
    plugins: [ownAddress],
    logLevel: "warning",
  });
  return node("--enable-source-maps", outfile, ...process.argv.slice(2));
}

export function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
}
