import os from "node:os";
import path from "node:path";

/**
 * The folder that the extension and the command line share for vectors and downloaded models: $NEARMISS_CACHE, or the platform's folder
 * for caches. It may be deleted at any time.
 */
export function defaultCacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  const chosen = env["NEARMISS_CACHE"];
  if (chosen !== undefined && chosen !== "") return path.resolve(chosen);
  if (platform === "win32") return path.join(env["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local"), "nearmiss", "Cache");
  if (platform === "darwin") return path.join(home, "Library", "Caches", "nearmiss");
  const xdg = env["XDG_CACHE_HOME"];
  // The XDG specification tells to ignore relative paths.
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache"), "nearmiss");
}
