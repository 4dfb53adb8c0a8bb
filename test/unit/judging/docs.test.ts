import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { JUDGE_INSTRUCTIONS, JUDGE_PROMPT } from "#core/judging/judgePrompt";
import { judgeRequest } from "#core/judging/judgeRequest";
import { repoRoot } from "../../support/repoRoot";
import { input, options } from "./judgeFixture";

const page = readFileSync(path.join(repoRoot, "docs/second-opinions.md"), "utf8");

test("the page on second opinions shows the question as it is", () => {
  const { messages } = judgeRequest(input, { ...options, guidelines: "A passage counts as relevant if it names the author." });
  for (const text of [JUDGE_INSTRUCTIONS, ...messages.map((message) => message.text)])
    expect(page).toContain(`\n\`\`\`text\n${text}\n\`\`\`\n`);
  expect(page).toContain(`\`${JUDGE_PROMPT}\``);
});
