import path from "node:path";
import { expect, test } from "vitest";
import { authorFileName, findAuthor } from "../../../server/runtime/store/author";
import { scratchFolder } from "./scratchFolder";

test("the author is the name given, then Git's, in the order Git itself uses", async () => {
  const folder = scratchFolder({
    "home/.gitconfig": "[user]\n\tname = Home Name\n",
    "repo/.git/config": '[core]\n\tbare = false\n[user]\n\tname = "Ada Lovelace"\n[remote "x"]\n\tname = no\n',
    "repo/data/train.jsonl": "",
    "tree/.git": "gitdir: ../repo/.git/worktrees/tree\n",
    "repo/.git/worktrees/tree/commondir": "../..\n",
    "mail/.git/config": "[user]\n\temail = bo@example.org\n",
    "plain/train.jsonl": "",
  });
  const env = { HOME: path.join(folder, "home") };
  const from = (name: string): string => path.join(folder, name);
  expect(await findAuthor({ given: " Given ", folder: from("repo"), env })).toBe("Given");
  expect(await findAuthor({ folder: from("repo"), env: { ...env, GIT_AUTHOR_NAME: "Env" } })).toBe("Env");
  expect(await findAuthor({ folder: from("repo/data"), env })).toBe("Ada Lovelace");
  expect(await findAuthor({ folder: from("tree"), env })).toBe("Ada Lovelace");
  expect(await findAuthor({ folder: from("plain"), env })).toBe("Home Name");
  expect(await findAuthor({ folder: from("mail"), env: { HOME: folder } })).toBe("bo@example.org");
});

test("a file name is made of the author that no system refuses", () => {
  expect(["Ada Lovelace", "李雷", "../../etc/passwd", "  ", "CON", "a@b.org", ".hidden.", "x".repeat(99)].map(authorFileName))
    .toMatchInlineSnapshot(`
    [
      "ada-lovelace",
      "李雷",
      "etc-passwd",
      "anonymous",
      "_con",
      "a-b.org",
      "hidden",
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]
  `);
});
