// `npm start`: installs and builds what is missing or stale, then opens VS Code with the extension and a copy of the sample.
//
// This file runs before anything is installed, so that it imports Node's own modules only.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { installDependencies } from "./installDependencies.mjs";
import { installVscode, onPath } from "./realVscode/install.mjs";
import { serve, workbenchUrl } from "./realVscode/serve.mjs";
import { presentBuild, root, sourceStamp } from "./sources.mjs";

const { values: options } = parseArgs({ options: { port: { type: "string", default: "0" }, browser: { type: "boolean" } } });

const runFolder = path.join(root, ".cache", "start");
const sample = path.join(runFolder, "nearmiss-sample");

installDependencies();
if (presentBuild()?.stamp !== sourceStamp()) build();
copySample();
const code = options.browser ? undefined : onPath("code");
if (code === undefined) await serveInBrowser();
else openDesktop(code);

function build() {
  const { status } = spawnSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** A copy, so that trying things out leaves the repository as it is; an earlier one is kept, with its marks. */
function copySample() {
  if (!fs.existsSync(sample)) fs.cpSync(path.join(root, "extension", "sample"), sample, { recursive: true });
}

function openDesktop(code) {
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", sample, path.join(sample, "train.jsonl")];
  const child = spawn(code, args, { stdio: "inherit", shell: process.platform === "win32" });
  child.once("exit", (status) => {
    console.log("VS Code is opening with Nearmiss and its sample data: see the lens above the first line of train.jsonl.");
    process.exitCode = status ?? 1;
  });
}

async function serveInBrowser() {
  installVscode();
  const profile = {
    user: path.join(runFolder, "user"),
    extensions: path.join(runFolder, "extensions"),
    server: path.join(runFolder, "server"),
  };
  linkExtension(profile.extensions);
  const server = await serve({ profile, port: Number(options.port) });
  console.log("\nVS Code with Nearmiss and its sample data is at\n");
  console.log(`  ${workbenchUrl(server.port, sample, "train.jsonl")}\n`);
  console.log("It stays up until Ctrl+C.");
  const asked = new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await Promise.race([asked, server.exited]);
  await server.close();
}

/** The repository itself as an installed extension, so that a new build is there after a reload of the window. */
function linkExtension(extensions) {
  const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  fs.rmSync(extensions, { recursive: true, force: true });
  fs.mkdirSync(extensions, { recursive: true });
  fs.symlinkSync(root, path.join(extensions, `${publisher}.${name}-${version}`), "dir");
}
