// A real VS Code with a fresh profile, driven in headless Chromium: for end-to-end tests.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { installChromium } from "./install.mjs";
import { serve, workbenchUrl } from "./serve.mjs";

const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Settings that let a test type into what is a native dialog otherwise, keep the page plain, and save when asked to, as on the desktop. */
const testSettings = {
  "editor.accessibilitySupport": "off",
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
  "files.simpleDialog.enable": true,
};

/** Nobody is asked: the folder stays untrusted. */
const restricted = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

/**
 * Opens a folder in a VS Code of its own.
 *
 * @param {{ extensions: string, workspace: string, settings?: object, env?: Record<string, string>, asksForTrust?: boolean }} options
 *   `extensions` is a folder into which extensions have been installed; with `asksForTrust` the folder is opened in Restricted Mode.
 */
export async function launch({ extensions, workspace, settings, env, asksForTrust = false }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-vscode-"));
  const at = (name) => path.join(folder, name);
  // Nothing of the person's own profile is read or written.
  fs.mkdirSync(at("home"));
  const server = await serve({
    profile: { user: at("user"), extensions, server: at("server") },
    settings: { ...testSettings, ...(asksForTrust ? restricted : {}), ...settings },
    asksForTrust,
    env: { HOME: at("home"), ...env },
  });
  let context;
  async function close() {
    await context?.close();
    await server.close();
    // Chromium may be writing there for a moment after it has closed.
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
  try {
    context = await chromium.launchPersistentContext(at("chromium"), {
      executablePath: installChromium(),
      viewport: { width: 1400, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
      args: chromiumArgs,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(workbenchUrl(server.port, workspace));
    await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    return { page, workspace, close, logs: () => logsBelow(at("user/logs")) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Text of every log file, output channels among them. */
function logsBelow(root) {
  if (!fs.existsSync(root)) return {};
  const names = fs.readdirSync(root, { recursive: true }).map(String);
  const logs = names.filter((name) => name.endsWith(".log"));
  return Object.fromEntries(logs.map((name) => [name, fs.readFileSync(path.join(root, name), "utf8")]));
}
