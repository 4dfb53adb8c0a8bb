import { expect, test } from "vitest";
import { chatTrouble } from "../../../../extension/languageModels/chatTrouble";

const model = { provider: "vscode", id: "copilot/gpt-x", label: "GPT X", offeredBy: "copilot" } as const;

/** As VS Code's `LanguageModelError` and other errors arrive from another process. */
function errorOf(parts: { code?: string; name?: string; message?: string; cause?: unknown }): Error {
  const { code, name = "LanguageModelError", message = "", cause } = parts;
  return Object.assign(new Error(message, { cause }), { name }, code === undefined ? {} : { code });
}

test.each([
  ["consent was not given", errorOf({ code: "NoPermissions", message: "cannot be used by 'nearmiss.nearmiss'." }), "no-permission", false],
  ["the model is gone", errorOf({ code: "NotFound", message: "copilot/gpt-x" }), "not-found", false],
  ["the provider blocks us", errorOf({ code: "Blocked", message: "Off-topic requests are blocked." }), "refused", false],
  ["blocked by a quota", errorOf({ code: "Blocked", message: "You have exceeded your monthly quota" }), "rate-limited", false],
  ["blocked for too many requests", errorOf({ code: "Blocked", message: "blocked due to making too many requests" }), "rate-limited", true],
  ["Copilot's quota, as a cause", errorOf({ code: "", cause: errorOf({ name: "ChatQuotaExceeded" }) }), "rate-limited", false],
  ["Copilot's rate limit, bare", errorOf({ name: "ChatRateLimited", message: "Sorry" }), "rate-limited", true],
  ["anything else", errorOf({ name: "Error", message: "net::ERR_FAILED" }), "unreachable", true],
  ["no error at all", "socket hang up", "unreachable", true],
] as const)("%s: %#", (_, error, reason, passes) => {
  const trouble = chatTrouble(error, model);
  const { failure } = trouble;
  expect(trouble.passes).toBe(passes);
  expect(failure.reason).toBe(reason);
  expect(failure.nextStep).toMatch(/\.$/u);
});

test("what the provider says is quoted as one line, and not at any length", () => {
  const { message } = chatTrouble(errorOf({ code: "Blocked", message: `held\nback\u0007.${"x".repeat(500)}` }), model).failure;
  expect(message).toBe(`copilot keeps Nearmiss from using GPT X: held back .${"x".repeat(189)}….`);
});

test("a provider that says nothing is not quoted", () => {
  expect(chatTrouble(errorOf({ code: "NoPermissions" }), model).failure.message).toBe(
    "VS Code does not let Nearmiss use GPT X of copilot.",
  );
});
