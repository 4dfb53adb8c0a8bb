import type { TestProject } from "vitest/node";
import { PanelServer } from "./panelServer";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the panel is served, built once for the run. */
    readonly panelOrigin: string;
  }
}

/** Builds the panel and serves it to all files of the suite. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await PanelServer.start();
  project.provide("panelOrigin", server.origin);
  return () => server.stop();
}
