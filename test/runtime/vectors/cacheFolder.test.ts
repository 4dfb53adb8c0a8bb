import path from "node:path";
import { expect, test } from "vitest";
import { defaultCacheFolder } from "../../../server/runtime/vectors/cacheFolder";

test.each([
  ["the user's choice", { NEARMISS_CACHE: "/big/disk", XDG_CACHE_HOME: "/xdg" }, "linux", "/big/disk"],
  ["Linux", {}, "linux", "/home/ada/.cache/nearmiss"],
  ["Linux with XDG", { XDG_CACHE_HOME: "/xdg" }, "linux", "/xdg/nearmiss"],
  ["Linux with a relative XDG folder", { XDG_CACHE_HOME: "xdg" }, "linux", "/home/ada/.cache/nearmiss"],
  ["macOS", {}, "darwin", "/home/ada/Library/Caches/nearmiss"],
  ["Windows", { LOCALAPPDATA: "/local" }, "win32", "/local/nearmiss/Cache"],
] as const)("%s", (_, env, platform, folder) => {
  expect(defaultCacheFolder(env, platform, "/home/ada")).toBe(path.normalize(folder));
});
