import { workspace } from "vscode";
import type { ServerOptions } from "#protocol/serverOptions";

/** The settings of this extension, read anew on every call: they are few, and reading them is cheap. */
export function serverOptions(): ServerOptions {
  const settings = workspace.getConfiguration("nearmiss");
  return {
    cacheFolder: filled(settings.get<string>("cacheFolder")),
    author: filled(settings.get<string>("author")),
    threads: settings.get<number | null>("threads") ?? null,
    trusted: workspace.isTrusted,
  };
}

/** A setting below "nearmiss.languageModel", unchecked: VS Code hands out whatever stands in the file. */
export function languageModelSetting(name: string): unknown {
  return workspace.getConfiguration("nearmiss.languageModel").get<unknown>(name);
}

/** Settings that the server reads once, when it starts. */
export const serverSettings = ["nearmiss.cacheFolder", "nearmiss.author", "nearmiss.threads"] as const;

export function codeLensEnabled(): boolean {
  return workspace.getConfiguration("nearmiss").get("codeLens.enabled", true);
}

/**
 * Whether single letters give verdicts in the panel. Where it is left to us, they do unless VS Code is told to serve a screen reader,
 * whose own commands are single letters (WCAG 2.1.4).
 */
export function singleKeys(): boolean {
  const choice = workspace.getConfiguration("nearmiss").get<"auto" | "on" | "off">("review.singleKeys", "auto");
  if (choice !== "auto") return choice === "on";
  return workspace.getConfiguration("editor").get("accessibilitySupport") !== "on";
}

function filled(text: string | undefined): string | null {
  return text === undefined || text.trim() === "" ? null : text.trim();
}
