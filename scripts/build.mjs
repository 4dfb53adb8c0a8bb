// Builds everything that runs: `node scripts/build.mjs [--minify] [--watch]`.
//
// The JSON schema and the model come first, since bundles are made from what they write; types are checked by `npm run check`.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import esbuild from "esbuild";
import { recordBuild, root, sourceStamp } from "./sources.mjs";
import { trainerProcessOptions } from "./trainerProcessBuild.mjs";
import { vectorProcessOptions } from "./vectorProcessBuild.mjs";

const { values: options } = parseArgs({ options: { watch: { type: "boolean" }, minify: { type: "boolean" } } });
const minify = options.minify === true;
const dist = path.join(root, "dist");
const started = Date.now();

/** esbuild options that all Node bundles share. They are CommonJS, since VS Code and `fork` load those without further ado. */
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // jsonc-parser's CommonJS entry is UMD, whose inner requires no bundler sees.
  mainFields: ["module", "main"],
  minify,
  keepNames: minify,
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none",
  logLevel: "warning",
};

const bundles = [
  { ...shared, entryPoints: ["extension/main.ts"], outfile: "dist/extension.cjs", external: ["vscode"] },
  { ...shared, entryPoints: ["server/main.ts"], outfile: "dist/server.cjs" },
  { ...shared, entryPoints: ["server/cli.ts"], outfile: "dist/cli.cjs", banner: { js: "#!/usr/bin/env node" } },
  { ...shared, ...vectorProcessOptions, outfile: "dist/vectorProcess.cjs" },
  { ...shared, ...trainerProcessOptions, outfile: "dist/trainerProcess.cjs" },
];

function node(script, ...args) {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
}

const vite = ["node_modules/vite/bin/vite.js", "build", "--config", "webview/vite.config.ts", "--logLevel", "warn"];
const viteArgs = [...vite.slice(1), ...(minify ? [] : ["--minify", "false", "--sourcemap"])];

async function buildOnce() {
  // Taken first: a file saved during the build makes the build stale.
  const stamp = sourceStamp();
  fs.rmSync(path.join(dist, "build.json"), { force: true });
  await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  fs.chmodSync(path.join(dist, "cli.cjs"), 0o755);
  node(vite[0], ...viteArgs);
  recordBuild(minify, stamp);
  console.log(`built in ${((Date.now() - started) / 1000).toFixed(1)} s${minify ? ", minified" : ""}`);
}

async function watch() {
  for (const bundle of bundles) await (await esbuild.context({ ...bundle, logLevel: "info" })).watch();
  spawn(process.execPath, [path.join(root, vite[0]), ...viteArgs, "--watch"], { cwd: root, stdio: "inherit" });
}

fs.mkdirSync(dist, { recursive: true });
node("scripts/generateSchema.mjs");
node("scripts/model/buildModel.mjs");
await (options.watch ? watch() : buildOnce());
