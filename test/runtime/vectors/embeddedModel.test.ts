import { expect, test } from "vitest";
import { neverCancelled } from "#core/util/cancellation";
import { EMBEDDED, scoresOf, startClient, textsBySide, valueOf } from "./fixture";

const QUERIES = ["how do I reset my password"];
const DOCUMENTS = ["steps to recover account access", "best pasta recipe"];

/** Known cosines of this model; see scripts/model. */
test.each([
  { precision: "fp32", near: 0.568, far: 0.061 },
  { precision: "int8", near: 0.576, far: 0.062 },
] as const)("the embedded model at $precision gives the known cosines", async ({ precision, near, far }) => {
  const client = await startClient({ source: { kind: "texts", text: textsBySide({ query: QUERIES, document: DOCUMENTS }) } });
  const identity = valueOf(await client.open({ ...EMBEDDED, precision }));
  expect(identity).toMatchObject({ id: "all-MiniLM-L6-v2", dimensions: 384, maxTokens: 256 });
  await client.put("query", [0], { cancellation: neverCancelled });
  await client.put("document", [0, 1], { cancellation: neverCancelled });
  const [scores] = await scoresOf(client, [0], [0, 1]);
  expect(Math.abs(scores![0]! - near)).toBeLessThan(0.01);
  expect(Math.abs(scores![1]! - far)).toBeLessThan(0.01);
});

test("at int8 a text has the same vector alone and among longer and shorter ones", async () => {
  const text = "Rotor blades stall when the angle of attack grows too large.";
  const documents = [text, ...Array.from({ length: 30 }, (_, i) => "wing ".repeat(1 + i * 7))];
  const client = await startClient({ source: { kind: "texts", text: textsBySide({ query: [text], document: documents }) } });
  valueOf(await client.open({ ...EMBEDDED, precision: "int8" }));
  await client.put("query", [0], { cancellation: neverCancelled });
  valueOf(await client.put("document", [...documents.keys()], { cancellation: neverCancelled }));
  const [scores] = await scoresOf(client, [0], [0]);
  // In one batch with the others it would be 0.99.
  expect(scores![0]).toBeCloseTo(1, 6);
});

test("a prompt changes the vector of its side only", async () => {
  const client = await startClient({ source: { kind: "texts", text: () => "rotor blades" } });
  valueOf(await client.open({ ...EMBEDDED, queryPrompt: "question: " }));
  await client.put("query", [0], { cancellation: neverCancelled });
  await client.put("document", [0], { cancellation: neverCancelled });
  const [[prompted]] = (await scoresOf(client, [0], [0])) as [[number]];
  valueOf(await client.open({ ...EMBEDDED, queryPrompt: "question: ", corpusPrompt: "question: " }));
  await client.put("query", [0], { cancellation: neverCancelled });
  await client.put("document", [0], { cancellation: neverCancelled });
  const [[both]] = (await scoresOf(client, [0], [0])) as [[number]];
  expect(prompted).toBeLessThan(0.99);
  expect(both).toBeCloseTo(1, 6);
});
