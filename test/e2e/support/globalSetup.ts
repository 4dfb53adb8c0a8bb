import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { installVsix } from "../../../scripts/realVscode/serve.mjs";
import { writeFakeChat } from "./fakeChat/writeFakeChat";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder into which the packed extension has been installed, and the one with scripted language models, once for the run. */
    readonly extensions: string;
    /** Vector cache of the run: what one journey has embedded, the others find. */
    readonly vectorCache: string;
  }
}

const root = path.resolve(import.meta.dirname, "../../..");

/** Installs the packed extension as a person would, once for all journeys. */
export async function setup(project: TestProject): Promise<() => void> {
  const vsix = path.join(root, ".cache", "nearmiss.vsix");
  if (!fs.existsSync(vsix)) throw new Error(`${vsix} is missing: run the journeys through npm test, which packs the extension.`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-e2e-"));
  const at = (name: string): string => path.join(folder, name);
  // First: VS Code makes its list of extensions from what is there when it first installs one.
  await writeFakeChat(at("extensions"));
  installVsix(vsix, { user: at("user"), extensions: at("extensions"), server: at("server") });
  project.provide("extensions", at("extensions"));
  project.provide("vectorCache", at("vectors"));
  return () => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}
