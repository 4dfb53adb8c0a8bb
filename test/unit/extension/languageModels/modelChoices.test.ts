import { expect, test } from "vitest";
import { modelChoices, nameProblem, refOfOffered } from "../../../../extension/languageModels/modelChoices";
import type { ChoiceRow, Offers } from "../../../../extension/languageModels/modelChoices";

const endpoint = { url: "http://localhost:11434/v1", origin: "http://localhost:11434", host: "localhost:11434", isOpen: false };
const nothing: Offers = { offered: [], endpoint: undefined, models: [], hasKey: false };

function shown(rows: readonly ChoiceRow[]): readonly string[] {
  return rows.map((row) =>
    "heading" in row ? `--- ${row.heading}` : [row.label, row.description, row.detail].filter((part) => part !== undefined).join(" | "),
  );
}

test("VS Code's models come by vendor and name, then those of the endpoint", () => {
  const rows = modelChoices({
    offered: [
      { id: "b", vendor: "scripted", name: "Strong", family: "judge", maxInputTokens: 128_000 },
      { id: "a", vendor: "scripted", name: "Cheap", family: "", maxInputTokens: 8000 },
      { id: "gpt-x", vendor: "copilot", name: "GPT X", family: "gpt", maxInputTokens: 64_000 },
    ],
    endpoint,
    models: ["qwen3:8b"],
    hasKey: true,
  });
  expect(shown(rows)).toMatchInlineSnapshot(`
    [
      "--- Language models in VS Code",
      "GPT X | copilot | gpt · questions of up to 64,000 tokens",
      "Cheap | scripted | questions of up to 8,000 tokens",
      "Strong | scripted | judge · questions of up to 128,000 tokens",
      "--- Endpoint localhost:11434",
      "qwen3:8b | localhost:11434",
      "Another model… | Type its name at localhost:11434.",
      "Change the key… | A key for http://localhost:11434 is kept.",
      "Change the endpoint… | Any OpenAI-compatible service: Ollama, llama.cpp, vLLM, LM Studio, or a hosted one. Opens the settings.",
    ]
  `);
});

test("with nothing to choose from, the list says how to come to a model", () => {
  expect(shown(modelChoices(nothing))).toMatchInlineSnapshot(`
    [
      "--- VS Code offers no language model · No endpoint is set",
      "Set up an endpoint… | Any OpenAI-compatible service: Ollama, llama.cpp, vLLM, LM Studio, or a hosted one. Opens the settings.",
    ]
  `);
});

test("settings that cannot be used say why in the row that opens them", () => {
  const failure = { reason: "bad-config", message: "The setting is no address.", nextStep: "Set it." };
  expect(shown(modelChoices({ ...nothing, failure })).at(-1)).toBe("Set up an endpoint… | The setting is no address. Set it.");
});

test("models of the same id from two vendors are two models", () => {
  const model = { id: "gpt-x", name: "", family: "", maxInputTokens: 1 };
  expect([refOfOffered({ ...model, vendor: "a" }), refOfOffered({ ...model, vendor: "b" })]).toMatchObject([
    { id: "a/gpt-x", label: "gpt-x", offeredBy: "a" },
    { id: "b/gpt-x", label: "gpt-x", offeredBy: "b" },
  ]);
});

test("a model's name is not empty and holds no control characters", () => {
  expect([" ", "qwen3:8b", "a\u0000b"].map(nameProblem)).toEqual([
    "Type the name that the service has for the model.",
    undefined,
    "The name holds a control character.",
  ]);
});
