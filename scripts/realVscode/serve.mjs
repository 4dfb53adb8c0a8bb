// Runs the VS Code that install.mjs has installed, as a server on 127.0.0.1.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { installation } from "./install.mjs";

/** Settings that keep a fresh profile quiet: no welcome, no chat, no updates, nothing asked of any network. */
export const quietSettings = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "security.workspace.trust.enabled": false,
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "window.commandCenter": false,
  "workbench.reduceMotion": "on",
};

/** Installs a .vsix into an extensions folder, as a person would. */
export function installVsix(vsix, profile) {
  const { node, main } = installation();
  const args = [main, ...folderArgs(profile), "--accept-server-license-terms", "--install-extension", vsix];
  execFileSync(node, args, { env: environment(), stdio: "pipe" });
}

/**
 * Starts a server. `profile` names its folders: `user`, `extensions` and `server`. Answers once it listens.
 *
 * @param {{ profile: { user: string, extensions: string, server: string }, settings?: object, port?: number, env?: Record<string, string>,
 *   asksForTrust?: boolean }} options with `asksForTrust` a folder is not trusted before somebody says so; else every folder is
 */
export async function serve({ profile, settings = {}, port = 0, env = {}, asksForTrust = false }) {
  const { node, main } = installation();
  fs.mkdirSync(profile.extensions, { recursive: true });
  // To a window in a browser this machine is a remote one, whose own settings are the only place for those about a machine.
  writeSettings(path.join(profile.user, "Machine", "settings.json"), settings);
  writeSettings(path.join(profile.user, "User", "settings.json"), { ...quietSettings, ...settings });

  const args = [main, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--accept-server-license-terms"];
  const quiet = ["--telemetry-level", "off", "--disable-experiments", ...(asksForTrust ? [] : ["--disable-workspace-trust"])];
  // A process group of its own: the extension host and language servers are ended with it.
  const child = spawn(node, [...args, ...quiet, ...folderArgs(profile)], {
    env: { ...environment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const exited = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // All of the group is gone.
    }
  };
  const killAll = () => signal("SIGKILL");
  process.once("exit", killAll);

  async function close() {
    signal("SIGTERM");
    const late = setTimeout(killAll, 5000);
    await exited;
    clearTimeout(late);
    killAll();
    process.off("exit", killAll);
  }

  try {
    const listening = await listeningPort(child);
    return { port: listening, close, exited };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Settings that a person has changed since are left as they are. */
function writeSettings(file, settings) {
  if (fs.existsSync(file)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(settings, null, 2));
}

/** The address that opens a folder, and a file of it, in the workbench. */
export function workbenchUrl(port, folder, file) {
  const authority = `127.0.0.1:${port}`;
  const payload = file === undefined ? [] : [["openFile", `vscode-remote://${authority}${encodeURI(path.join(folder, file))}`]];
  return `http://${authority}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (data) => {
      text = (text + data).slice(-4000);
      const match = /Extension host agent listening on (\d+)/u.exec(text);
      if (match) resolve(Number(match[1]));
    };
    child.stdout.on("data", onData);
    child.stderr.on("data", onData);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`VS Code ended with ${code}:\n${text}`)));
    setTimeout(() => reject(new Error(`VS Code is not up after 60 s:\n${text}`)), 60_000).unref();
  });
}

function folderArgs({ user, extensions, server }) {
  return ["--user-data-dir", user, "--extensions-dir", extensions, "--server-data-dir", server];
}

/** The gallery is switched off; what a test runner or another VS Code has set for itself must not reach this one. */
function environment() {
  const { NODE_OPTIONS, ELECTRON_RUN_AS_NODE, VSCODE_IPC_HOOK_CLI, VITEST, VITEST_WORKER_ID, VITEST_POOL_ID, ...rest } = process.env;
  return { ...rest, EXTENSIONS_GALLERY: "{}" };
}
