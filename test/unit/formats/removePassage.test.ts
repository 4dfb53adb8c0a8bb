import { expect, test } from "vitest";
import type { JsonPath } from "#core/formats/format";
import { removePassage } from "#core/formats/removePassage";
import { scanJson } from "#core/jsonl/jsonScanner";
import { applyEdits } from "#core/jsonl/spanEdit";

function without(line: string, path: JsonPath): string {
  const removal = removePassage(scanJson(line).root, path);
  return removal === undefined ? "not possible" : `${removal.safe ? "safe" : "unsafe"} ${applyEdits(line, removal.edits)}`;
}

test("what runs beside a list goes with the passage; what may run beside it makes the removal unsafe", () => {
  const cases: readonly (readonly [string, JsonPath])[] = [
    ['{"neg": ["a", "b"], "neg_scores": [0.1, 0.20], "pos_scores": [1]}', ["neg", 1]],
    ['{"neg": ["a", "b"], "neg_scores": [0.1]}', ["neg", 1]],
    ['{"negatives": ["a", "b"], "scores": [1, 0, 0]}', ["negatives", 0]],
    ['{"docs": ["a", "b"], "labels": [1, 0]}', ["docs", 1]],
    ['{"question": "q", "answer": ["a", "b"], "scores": [0.5, 0.25]}', ["answer", 0]],
    ['{"answer": ["a", "b"], "negatives": ["c", "d"], "scores": [0.5, 0.25]}', ["answer", 0]],
    ['{"negative_passages": [{"docid": "1", "text": "a"}, {"docid": "2", "text": "b"}]}', ["negative_passages", 0, "text"]],
    ['{"negative_1": "a"}', ["negative_1"]],
    ['{"neg": ["a"]}', ["neg", 4]],
  ];
  expect(Object.fromEntries(cases.map(([line, path]) => [line, without(line, path)]))).toMatchInlineSnapshot(`
    {
      "{"answer": ["a", "b"], "negatives": ["c", "d"], "scores": [0.5, 0.25]}": "unsafe {"answer": ["b"], "negatives": ["c", "d"], "scores": [0.5, 0.25]}",
      "{"docs": ["a", "b"], "labels": [1, 0]}": "safe {"docs": ["a"], "labels": [1]}",
      "{"neg": ["a", "b"], "neg_scores": [0.1, 0.20], "pos_scores": [1]}": "safe {"neg": ["a"], "neg_scores": [0.1], "pos_scores": [1]}",
      "{"neg": ["a", "b"], "neg_scores": [0.1]}": "unsafe {"neg": ["a"], "neg_scores": [0.1]}",
      "{"neg": ["a"]}": "not possible",
      "{"negative_1": "a"}": "not possible",
      "{"negative_passages": [{"docid": "1", "text": "a"}, {"docid": "2", "text": "b"}]}": "safe {"negative_passages": [{"docid": "2", "text": "b"}]}",
      "{"negatives": ["a", "b"], "scores": [1, 0, 0]}": "unsafe {"negatives": ["b"], "scores": [1, 0, 0]}",
      "{"question": "q", "answer": ["a", "b"], "scores": [0.5, 0.25]}": "safe {"question": "q", "answer": ["b"], "scores": [0.25]}",
    }
  `);
});
