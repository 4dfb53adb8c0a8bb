import { expect, test } from "vitest";
import { languageModelSettings } from "../../../../extension/languageModels/languageModelSettings";

function read(settings: Readonly<Record<string, unknown>>): ReturnType<typeof languageModelSettings> {
  return languageModelSettings((name) => settings[name]);
}

test("nothing is set: no endpoint, no prices", () => {
  expect(read({ endpoint: "", models: [], inputPrice: null, outputPrice: null })).toEqual({
    ok: true,
    value: { models: [], concurrency: 2, timeout: 120 },
  });
});

test("all is set", () => {
  const settings = read({
    endpoint: "https://api.example.com/v1",
    models: [" small ", "large", "", "small"],
    concurrency: 8,
    timeout: 30,
    inputPrice: 0.15,
    outputPrice: 0,
    confirmingInputPrice: 5,
    confirmingOutputPrice: 15,
  });
  expect(settings).toMatchInlineSnapshot(`
    {
      "ok": true,
      "value": {
        "concurrency": 8,
        "confirmingPrices": {
          "input": 5,
          "output": 15,
        },
        "endpoint": {
          "host": "api.example.com",
          "isOpen": false,
          "origin": "https://api.example.com",
          "url": "https://api.example.com/v1",
        },
        "models": [
          "small",
          "large",
        ],
        "prices": {
          "input": 0.15,
          "output": 0,
        },
        "timeout": 30,
      },
    }
  `);
});

test.each([
  [{ endpoint: 5 }, "The setting nearmiss.languageModel.endpoint must be a text."],
  [{ endpoint: "ftp://x" }, "The setting nearmiss.languageModel.endpoint is not an address of http or https."],
  [{ models: "gpt" }, "The setting nearmiss.languageModel.models must be a list of texts."],
  [{ models: [1] }, "The setting nearmiss.languageModel.models must be a list of texts."],
  [{ concurrency: 17 }, "The setting nearmiss.languageModel.concurrency is 17 and must be a whole number from 1 to 16."],
  [{ concurrency: 1.5 }, "The setting nearmiss.languageModel.concurrency is 1.5 and must be a whole number from 1 to 16."],
  [{ timeout: "120" }, 'The setting nearmiss.languageModel.timeout is "120" and must be a whole number from 1 to 3600.'],
  [{ inputPrice: 1 }, "The setting nearmiss.languageModel.outputPrice is null and must be a number of at least 0, as inputPrice is set."],
  [
    { confirmingOutputPrice: 1, confirmingInputPrice: -1 },
    "The setting nearmiss.languageModel.confirmingInputPrice is -1 and must be a number of at least 0, as confirmingOutputPrice is set.",
  ],
])("%j is refused", (settings, message) => {
  expect(read(settings)).toMatchObject({ ok: false, failure: { reason: "bad-config", message } });
});
