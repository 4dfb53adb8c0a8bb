import { expect, test } from "vitest";
import type { PlanOrder } from "#core/labelling/labellingOrder";
import { scriptedAnswer } from "../../support/scriptedJudge";
import type { JudgeTruths } from "../../support/scriptedJudge";
import { value } from "../curation/curationFixture";
import { everyFourth, judge, labellingFixture, SteeredChat } from "./labellingFixture";
import type { Asker } from "./labellingFixture";

const order: PlanOrder = { task: "judge", queries: 10, ask: { name: "scripted", goesTo: "" } };
const cascade: PlanOrder = { ...order, confirm: { name: "strong", goesTo: "" } };

interface BatchLine {
  readonly custom_id: string;
  readonly body: { readonly model: string; readonly messages: readonly { readonly role: string; readonly content: string }[] };
}

/** What a batch service makes of a file of questions. */
function served(lines: readonly string[], truths: JudgeTruths = everyFourth): readonly string[] {
  return lines.map((line) => {
    const { custom_id, body } = JSON.parse(line) as BatchLine;
    const content = scriptedAnswer(
      body.messages.map((message) => message.content),
      truths,
    );
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    const completion = { model: body.model, choices, usage: { prompt_tokens: 1000, completion_tokens: 100 } };
    return JSON.stringify({ id: "batch_req_1", custom_id, response: { status_code: 200, body: completion }, error: null });
  });
}

async function batchOf(ann: Asker, wanted: PlanOrder) {
  return value(await ann.labelling.writeBatch(wanted));
}

/** A model that must not be asked. */
const nobody = new SteeredChat(() => ({ failure: { reason: "unreachable", message: "There is no network here." } }));

test("a batch that is written, answered elsewhere and read back comes to what sending does", async () => {
  const sending = await labellingFixture();
  await sending.run(judge());
  const ann = await labellingFixture();
  const batch = await batchOf(ann, order);
  expect(batch).toMatchObject({ later: 0 });
  expect(batch.lines).toHaveLength(10);
  expect(value(await ann.labelling.readBatch([...served(batch.lines), ""]))).toEqual({ answers: 10, problems: [] });
  expect(await ann.run(nobody)).toMatchObject({ end: "finished", calls: 10, cachedCalls: 10, cost: 0 });
  expect(ann.log.files.get("ann")).toBe(sending.log.files.get("ann"));
});

test("a cascade takes two batches, and says so", async () => {
  const ann = await labellingFixture();
  const first = await batchOf(ann, cascade);
  expect(first.lines).toHaveLength(10);
  expect(first.later).toBe(10);
  value(await ann.labelling.readBatch(served(first.lines)));
  const second = await batchOf(ann, cascade);
  expect(second.later).toBe(0);
  expect(second.lines.length).toBeGreaterThan(0);
  expect(second.lines.every((line) => (JSON.parse(line) as BatchLine).body.model === "strong")).toBe(true);
  value(await ann.labelling.readBatch(served(second.lines)));
  expect((await batchOf(ann, cascade)).lines).toEqual([]);
  expect(await ann.run(nobody, { confirm: { name: "strong", chat: nobody } })).toMatchObject({ end: "finished" });
});

test("answers of no use are asked for again in another batch, with what was wrong", async () => {
  const ann = await labellingFixture();
  const { lines } = await batchOf(ann, order);
  value(await ann.labelling.readBatch(served(lines, { verdictOf: () => "very relevant" as "relevant" })));
  const again = await batchOf(ann, order);
  expect(again.lines).toHaveLength(10);
  expect(again.lines.some((line) => lines.includes(line))).toBe(false);
});

test("lines that are no answers to our questions are told of one by one, and the rest is taken", async () => {
  const ann = await labellingFixture();
  const { lines } = await batchOf(ann, order);
  const [good = "", other = ""] = served(lines);
  const failed = JSON.stringify({ custom_id: "a".repeat(64), response: null, error: { message: "The batch expired." } });
  const foreign = other.replace(/"custom_id":"[0-9a-f]+"/u, '"custom_id":"request-7"');
  const read = value(await ann.labelling.readBatch([good, "no JSON", failed, foreign, lines[2] ?? ""]));
  expect(read.answers).toBe(1);
  expect(read.problems.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "Line 2: The line is no JSON object.",
      "Line 3: The question failed at the service: The batch expired.",
      "Line 4: "request-7" is the name of no question that Nearmiss wrote.",
      "Line 5: The line is a question, not an answer.",
    ]
  `);
  expect(await ann.run(judge())).toMatchObject({ calls: 10, cachedCalls: 1 });
});

test("answers of a batch that name no model are the asked model's", async () => {
  const ann = await labellingFixture();
  const { lines } = await batchOf(ann, order);
  const bare = served(lines).map((line) => line.replace('"model":"scripted",', ""));
  expect(value(await ann.labelling.readBatch(bare)).answers).toBe(10);
  await ann.run(nobody);
  expect(ann.written()[0]).toMatchObject({ model: "scripted" });
});

test("a batch of attributed answers says how many questions may follow", async () => {
  const ann = await labellingFixture({ labelling: { passages: 4, subsets: 8 } });
  const batch = await batchOf(ann, { task: "answer", queries: 2, ask: order.ask });
  expect(batch.lines.length).toBeGreaterThan(2);
  expect(batch.later).toBeGreaterThan(0);
});
