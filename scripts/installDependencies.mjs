import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "./sources.mjs";

/** Runs `npm ci` where node_modules is missing or older than the lock file. hnswlib-node is compiled then, which needs a C++ toolchain. */
export function installDependencies() {
  const modified = (file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // npm writes this file at the end of every install.
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  console.log("installing dependencies ...");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(
      "npm ci failed. Nearmiss needs Node 20.19 or later and a C++ toolchain (Debian: apt-get install build-essential python3).",
    );
    process.exit(status ?? 1);
  }
}
