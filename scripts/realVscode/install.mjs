// Installs a real VS Code and a Node to run it, from npm alone: the server build that ships inside the package `code-server`, whose
// workbench runs in a browser and whose extension host is a Node process as on the desktop. Nothing is compiled.
//
// REAL_VSCODE_HOME says where to; a finished install is known by its stamp and taken as it is.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const codeServerVersion = "4.139.1";
/** This VS Code asks for Node 24, whatever runs this script. */
const nodeVersion = "24.21.0";
/** Rises when the steps below change. */
const layout = 3;
const arch = process.arch === "arm64" ? "arm64" : "x64";
const stamp = `${layout} code-server@${codeServerVersion} node@${nodeVersion} ${arch}`;

const home = process.env.REAL_VSCODE_HOME ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "real-vscode");

/** Where an install has its Node and VS Code's main script. */
export function installation() {
  return {
    node: path.join(home, "node", "node_modules", `node-linux-${arch}`, "bin", "node"),
    main: path.join(home, "cs", "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

/** Installs VS Code unless it is there. Takes about 20 seconds and half a gigabyte. */
export function installVscode() {
  if (process.platform !== "linux")
    throw new Error("A VS Code from npm runs on Linux only. Put desktop VS Code's `code` on the PATH instead.");
  if (readIfThere(path.join(home, "stamp")) === stamp) return;
  console.log(`installing VS Code into ${home} ...`);
  const work = path.join(home, `installing-${process.pid}`);
  fs.mkdirSync(work, { recursive: true });
  try {
    fill(work);
    // Renamed as a whole: another process sees an old install, none, or this one.
    fs.rmSync(path.join(home, "stamp"), { force: true });
    for (const part of ["node", "cs"]) {
      fs.rmSync(path.join(home, part), { recursive: true, force: true });
      fs.renameSync(path.join(work, part), path.join(home, part));
    }
    fs.writeFileSync(path.join(home, "stamp"), `${stamp}\n`);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** The path of a Chromium, which is installed from Debian's packages where it is missing and that is allowed. */
export function installChromium() {
  const present = process.env.CHROMIUM_PATH ?? ["chromium", "chromium-browser", "google-chrome"].map(onPath).find(Boolean);
  if (present) return present;
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !onPath("apt-get")) {
    throw new Error("The tests need Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.");
  }
  console.log("installing Chromium from Debian's packages ...");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
  const packages = ["chromium", "fonts-dejavu-core"];
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return onPath("chromium");
}

/** The full path of a program on the PATH; undefined where there is none. */
export function onPath(program) {
  const suffixes = process.platform === "win32" ? [".cmd", ".exe"] : [""];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.flatMap((folder) => suffixes.map((suffix) => path.join(folder, program + suffix))).find(isFile);
}

function fill(work) {
  const nodeFolder = path.join(work, "node");
  const codeServer = path.join(work, "cs");
  npmInstall(nodeFolder, process.env.PATH, `node-linux-${arch}@${nodeVersion}`);
  const bin = path.join(nodeFolder, "node_modules", `node-linux-${arch}`, "bin");
  const searchPath = `${bin}${path.delimiter}${process.env.PATH}`;
  npmInstall(codeServer, searchPath, `code-server@${codeServerVersion}`);
  // What code-server's own install script does, which would stop at the first native module that it cannot build: VS Code's
  // dependencies and those of the built-in extensions, at the versions of their shrinkwrap files.
  const vscode = path.join(codeServer, "node_modules", "code-server", "lib", "vscode");
  npmInstall(vscode, searchPath, "--omit=dev");
  npmInstall(path.join(vscode, "extensions"), searchPath, "--omit=dev");
  fs.writeFileSync(path.join(vscode, "node_modules", "@vscode", "spdlog", "index.js"), spdlogStandIn);
  fs.writeFileSync(path.join(vscode, "node_modules", "@vscode", "native-watchdog", "index.js"), watchdogStandIn);
  prune(path.join(vscode, "node_modules"));
  execFileSync(path.join(bin, "node"), [path.join(vscode, "out", "server-main.js"), "--version"], { stdio: "ignore" });
}

function npmInstall(folder, searchPath, ...args) {
  fs.mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, "package.json");
  if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{"private":true}\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--legacy-peer-deps"];
  // Set by the npm that may have started us, for this project: they would point the inner npm at it.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:config_(?:prefix|local_prefix|global_prefix)|package_|lifecycle_)/iu.test(name),
  );
  const env = { ...Object.fromEntries(inherited), PATH: searchPath };
  const { status } = spawnSync("npm", ["install", ...flags, ...args], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`npm install ${args.join(" ")} in ${folder} ended with ${status}`);
}

/** Drops what no test and no person here uses, some 300 MB: other platforms' binaries, and a runtime for a chat that is switched off. */
function prune(modules) {
  keepOnly(path.join(modules, "@vscode", "ripgrep-universal", "bin"), `linux-${arch}`);
  keepOnly(path.join(modules, "node-pty", "prebuilds"), `linux-${arch}`);
  const unused = [
    path.join(modules, "@microsoft", "mxc-sdk"),
    ...below(path.join(modules, "@github")).filter((name) => name.includes("copilot-sdk-")),
  ];
  for (const folder of unused) fs.rmSync(folder, { recursive: true, force: true });
}

function keepOnly(folder, name) {
  for (const entry of below(folder)) if (path.basename(entry) !== name) fs.rmSync(entry, { recursive: true, force: true });
}

function below(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [];
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : undefined;
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

// Plain JavaScript in place of two native modules, which would take a compiler and half a minute.

/** Writes every log file, and with them what the Output panel shows. VS Code finds the exports by reading them: one statement each. */
const spdlogStandIn = `const fs = require("fs"), path = require("path");
const names = ["trace", "debug", "info", "warning", "error", "critical"];
class Logger {
  constructor(_type, _name, file) { this.file = file; this.level = 0; this.raw = false; }
  write(level, text) {
    if (level < this.level) return;
    const at = new Date().toISOString().replace("T", " ").slice(0, 23);
    try { fs.appendFileSync(this.file, this.raw ? text : at + " [" + names[level] + "] " + text + "\\n"); } catch { /* the folder is gone */ }
  }
  trace(t) { this.write(0, t); } debug(t) { this.write(1, t); } info(t) { this.write(2, t); }
  warn(t) { this.write(3, t); } error(t) { this.write(4, t); } critical(t) { this.write(5, t); }
  getLevel() { return this.level; } setLevel(l) { this.level = l; }
  setPattern() {} clearFormatters() { this.raw = true; } flush() {} drop() {}
}
async function create(name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger("", name, file);
}
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;

/** Ends an extension host whose server is gone. */
const watchdogStandIn = `exports.start = (pid) => setInterval(() => {
  try { process.kill(pid, 0); } catch { process.reallyExit(87); }
}, 1000).unref();
exports.exit = (code) => process.reallyExit(code || 0);
`;
