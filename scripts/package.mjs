// Packs a .vsix for this machine's platform: `node scripts/package.mjs [--out FILE]`. The native libraries inside are this platform's.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { runtimeFiles } from "./runtimeFiles.mjs";
import { root } from "./sources.mjs";

const { values: options } = parseArgs({ options: { out: { type: "string" } } });
const { name, version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const target = `${process.platform}-${process.arch}`;
const out = path.resolve(root, options.out ?? `${name}-${target}-${version}.vsix`);
const runtime = path.join(root, "dist", "node_modules");

const { status } = spawnSync(process.execPath, [path.join(root, "scripts/build.mjs"), "--minify"], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

// The bundles find these beside themselves, as in the repository they find them above.
fs.rmSync(runtime, { recursive: true, force: true });
for (const file of runtimeFiles(root)) {
  const copy = path.join(root, "dist", file);
  fs.mkdirSync(path.dirname(copy), { recursive: true });
  fs.copyFileSync(path.join(root, file), copy);
}
fs.mkdirSync(path.dirname(out), { recursive: true });
await createVSIX({ cwd: root, packagePath: out, target, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
fs.rmSync(runtime, { recursive: true, force: true });
console.log(`${path.relative(process.cwd(), out)}: ${(fs.statSync(out).size / 1e6).toFixed(1)} MB, for ${target}`);
