import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { errorCode } from "./ioFailure";

export interface AuthorSources {
  /** A name given on purpose; goes before everything else. */
  readonly given?: string;
  /** Folder whose Git repository is asked. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whose marks these are: the name given, else $GIT_AUTHOR_NAME, else user.name or user.email of the repository's or the person's Git
 * configuration, else the name of the account. Git itself is not run.
 */
export async function findAuthor(sources: AuthorSources): Promise<string> {
  const { given, folder, env } = sources;
  for (const name of [given, env["GIT_AUTHOR_NAME"]]) if (name !== undefined && name.trim() !== "") return name.trim();
  const home = env["HOME"] ?? env["USERPROFILE"] ?? os.homedir();
  const configs = [
    ...(await repositoryConfigs(path.resolve(folder))),
    path.join(home, ".gitconfig"),
    path.join(env["XDG_CONFIG_HOME"] ?? path.join(home, ".config"), "git", "config"),
  ];
  const users = await Promise.all(configs.map(async (file) => gitUser((await textOrNothing(file)) ?? "")));
  return users.find((user) => user.name !== undefined)?.name ?? users.find((user) => user.email !== undefined)?.email ?? accountName(env);
}

/** A file name for a person: letters, digits, dot, dash and underscore, never empty, hidden or reserved. */
export function authorFileName(author: string): string {
  const cleaned = author
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
  const short = Array.from(cleaned).slice(0, 60).join("");
  if (short === "") return "anonymous";
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/.test(short) ? `_${short}` : short;
}

function accountName(env: AuthorSources["env"]): string {
  try {
    return os.userInfo().username;
  } catch (error) {
    // A container's user may have no entry in the user table.
    if (!(error instanceof Error)) throw error;
    return env["USER"] ?? env["USERNAME"] ?? "anonymous";
  }
}

/** Configuration files of the nearest repository. In a work tree or submodule `.git` is a file that points to the real folder. */
async function repositoryConfigs(start: string): Promise<readonly string[]> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const git = path.join(folder, ".git");
    if ((await textOrNothing(path.join(git, "config"))) !== undefined) return [path.join(git, "config")];
    const pointer = /^gitdir: (.+)$/m.exec((await textOrNothing(git)) ?? "")?.[1];
    if (pointer !== undefined) {
      const real = path.resolve(folder, pointer.trim());
      const common = (await textOrNothing(path.join(real, "commondir")))?.trim();
      return [path.join(common === undefined ? real : path.resolve(real, common), "config")];
    }
    if (path.dirname(folder) === folder) return [];
  }
}

interface GitUser {
  readonly name?: string;
  readonly email?: string;
}

function gitUser(config: string): GitUser {
  const section = /^\s*\[user\]\s*$([^[]*)/im.exec(config)?.[1] ?? "";
  const value = (key: string): string | undefined => {
    const found = new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, "im").exec(section)?.[1]?.replace(/^"(.*)"$/, "$1");
    return found === undefined || found === "" ? undefined : found;
  };
  const [name, email] = [value("name"), value("email")];
  return { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

async function textOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
