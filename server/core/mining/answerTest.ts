import type { Collection, Query } from "../collection/collection";
import { tokenize } from "../lexical/tokenize";
import { wordHashes } from "../lexical/wordHashes";
import { hasWords } from "./wordSets";

/**
 * Whether the texts of a group contain an answer that the query's record names: its words in a row, whatever stands between them, as in DPR's test
 * of a hit. Undefined where the record names none.
 */
export function answerTest(collection: Collection, query: Query): ((group: number) => boolean) | undefined {
  const answers = answersOf(query)
    .map((answer) => ({ words: tokenize(answer), hashes: wordHashes(answer).slice() }))
    .filter(({ words }) => words.length > 0);
  if (answers.length === 0) return undefined;
  return (group) => {
    const possible = answers.filter(({ hashes }) => hasWords(collection, group, hashes));
    if (possible.length === 0) return false;
    const text = tokenize(collection.documents[collection.groups[group]?.[0] ?? -1]?.text ?? "");
    return possible.some(({ words }) => containsRun(text, words));
  };
}

function answersOf({ answers, fields }: Query): readonly string[] {
  const scalars = [fields?.["answers"], fields?.["answer"]].filter((value) => typeof value === "string");
  return [...(answers ?? []), ...scalars];
}

function containsRun(words: readonly string[], run: readonly string[]): boolean {
  const first = run[0] ?? "";
  for (let at = words.indexOf(first); at !== -1 && at + run.length <= words.length; at = words.indexOf(first, at + 1)) {
    if (run.every((word, offset) => words[at + offset] === word)) return true;
  }
  return false;
}
