import { expect, test } from "vitest";
import type { AskChatParams } from "#protocol/chat";
import { askModel } from "../../../../extension/languageModels/askModel";
import type { FoundModel, Limit } from "../../../../extension/languageModels/askModel";
import { withResolvers } from "../../../../extension/withResolvers";
import type { ChatTurn } from "../../../../extension/languageModels/chatTurns";

const params: AskChatParams = {
  model: { provider: "vscode", id: "copilot/gpt-x", label: "GPT X", offeredBy: "copilot" },
  instructions: "Judge.",
  messages: [
    { role: "user", text: "Which?" },
    { role: "assistant", text: "{" },
    { role: "user", text: "That is no JSON." },
  ],
  maxTokens: 100,
};

const never: Limit = {
  seconds: 5,
  ended: new Promise(() => undefined),
  start: () => undefined,
  pause: () => Promise.resolve(),
};

async function* parts(...texts: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const text of texts) {
    await Promise.resolve();
    if (text instanceof Error) throw text;
    yield text;
  }
}

function model(answer: () => AsyncIterable<string>, countTokens = (text: string) => Promise.resolve(text.length)): FoundModel {
  return { send: () => Promise.resolve(answer()), countTokens };
}

test("the parts of an answer are one text, counted by the model", async () => {
  expect(
    await askModel(
      model(() => parts('{"a"', ": 1}")),
      params,
      never,
    ),
  ).toEqual({
    ok: true,
    value: { text: '{"a": 1}', inputTokens: "Judge.Which?{That is no JSON.".length, outputTokens: 8 },
  });
});

test("the instructions are the first turn of the person, since there are no system messages", async () => {
  const sent: ChatTurn[] = [];
  const listening: FoundModel = {
    ...model(() => parts("yes")),
    send: (turns) => {
      sent.push(...turns);
      return Promise.resolve(parts("yes"));
    },
  };
  await askModel(listening, params, never);
  expect(sent.map(({ role, text }) => `${role}: ${text}`)).toEqual([
    "user: Judge.",
    "user: Which?",
    "assistant: {",
    "user: That is no JSON.",
  ]);
});

test("an answer that breaks off is none, and its question is asked again, each time a longer while later", async () => {
  const waits: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    return Promise.resolve();
  };
  const broken = model(() => parts('{"verdicts": [', new Error("the stream was cut")));
  expect(await askModel(broken, params, { ...never, pause })).toEqual({
    ok: false,
    failure: {
      reason: "unreachable",
      message: "GPT X of copilot did not answer to the end: the stream was cut.",
      nextStep: "Start again to go on from here; what was answered is kept.",
    },
  });
  expect(waits).toEqual([1000, 4000, 16_000]);
});

test("what passes by itself does not show", async () => {
  const answers = [() => parts("{", new Error("net::ERR_FAILED")), () => parts("yes")];
  const recovering = model(() => answers.shift()?.() ?? parts());
  expect(await askModel(recovering, params, never)).toMatchObject({ ok: true, value: { text: "yes" } });
});

test("what does not pass is not asked again", async () => {
  let asked = 0;
  const forbidden = model(() => {
    asked += 1;
    return parts(Object.assign(new Error("no"), { code: "NoPermissions" }));
  });
  expect(await askModel(forbidden, params, never)).toMatchObject({ ok: false, failure: { reason: "no-permission" } });
  expect(asked).toBe(1);
});

test("a question that is called off has no answer, though VS Code ends its stream as if it were whole", async () => {
  const { promise: ended, resolve } = withResolvers<"cancelled">();
  async function* cutShort(): AsyncGenerator<string> {
    yield "half an ans";
    resolve("cancelled");
    await new Promise(() => undefined);
  }
  const answer = await askModel(model(cutShort), params, { ...never, ended });
  expect(answer).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
});

test("a model that stalls is given up when its time is up, which runs from when it has the question", async () => {
  const { promise: ended, resolve } = withResolvers<"late">();
  const limit: Limit = {
    ...never,
    ended,
    start: () => {
      resolve("late");
    },
  };
  const stalled = model(async function* () {
    await new Promise(() => undefined);
    yield "never";
  });
  expect(await askModel(stalled, params, limit)).toEqual({
    ok: false,
    failure: {
      reason: "unreachable",
      message: "GPT X of copilot has not answered within 5 s.",
      nextStep: "Start again to go on from here, or raise nearmiss.languageModel.timeout.",
    },
  });
});

test.each([
  ["fails", () => Promise.reject(new Error("no tokenizer"))],
  ["gives 0", () => Promise.resolve(0)],
])("an answer is kept where its model's count %s: a token for four characters", async (_, countTokens) => {
  const answer = await askModel(
    model(() => parts("12345678"), countTokens),
    { ...params, messages: [] },
    never,
  );
  expect(answer).toEqual({ ok: true, value: { text: "12345678", inputTokens: 2, outputTokens: 2 } });
});
