import { normaliseText } from "../collection/textKey";
import { LABEL_LIST_COLUMNS } from "../formats/columns";
import type { RecordPassage, TrainingRecord } from "../formats/format";
import { isScoreKey } from "../formats/relevance";
import { memberOf, nodeAt } from "../jsonl/jsonNode";
import type { JsonObjectNode } from "../jsonl/jsonNode";
import { scanJson } from "../jsonl/jsonScanner";
import { textStart } from "../jsonl/readRecord";
import { applyEdits, encodeString } from "../jsonl/spanEdit";
import type { TextEdit } from "../jsonl/spanEdit";
import type { ExportPassage, ExportQuery } from "./exportQuery";
import { arrayText, styleOf } from "./jsonText";
import { removeMembers, setMember } from "./memberEdits";
import { tevatronPassage } from "./newRows";
import { scoreText } from "./scoreText";

/** What becomes of one record of the user's file. */
export type Rewriting =
  | { readonly kind: "unchanged"; readonly scoresUnknown?: boolean }
  | { readonly kind: "rewritten"; readonly text: string; readonly scoresRemoved: boolean; readonly scoresUnknown?: boolean }
  /** "left_out": its positive is marked bad. "replaced": its negative is not emitted. "short": too few negatives for the row's width. */
  | { readonly kind: "dropped"; readonly why: "left_out" | "replaced" | "short" };

export const unchanged: Rewriting = { kind: "unchanged" };

/** Where a format with lists keeps its passages. */
export interface ListLayout {
  readonly positives: string;
  readonly negatives: string;
  /** A passage as an element of these lists. */
  readonly element: (passage: ExportPassage, quote: (text: string) => string) => string;
  /** How many steps the text lies inside its element. */
  readonly depth: 0 | 1;
  /** Put the scores of all passages beside the lists, if all are known. */
  readonly withScores?: boolean;
  /** Take scores that the record has from elsewhere out where not all are known: they are on another scale than those of the other records. */
  readonly withoutOthers?: boolean;
}

export const flagembeddingLists: ListLayout = { positives: "pos", negatives: "neg", element: ({ text }, quote) => quote(text), depth: 0 };
export const tevatronLists: ListLayout = {
  positives: "positive_passages",
  negatives: "negative_passages",
  element: tevatronPassage,
  depth: 1,
};

/** Scores beside the lists, by position: worthless once a list has changed. */
const SCORE_MEMBERS = ["pos_scores", "neg_scores"] as const;

/**
 * Gives a record with lists the emitted negatives, the promoted positives, and takes bad positives out. Elements that stay keep
 * their bytes, as do all other members; a record whose lists would hold the same texts is left alone whatever their order, but for scores
 * where they are asked for.
 */
export function rewriteLists(line: string, record: TrainingRecord, query: ExportQuery, layout: ListLayout): Rewriting {
  const lists = listsInForce(record, query);
  const scores = layout.withScores === true ? scoresOf(query, lists) : undefined;
  const scoresUnknown = layout.withScores === true && scores === undefined;
  const listsChanged = lists.positivesChanged || lists.negativesChanged;
  if (!listsChanged && scores === undefined && layout.withoutOthers !== true) return { kind: "unchanged", scoresUnknown };
  const root = objectOf(line);
  if (root === undefined) return unchanged;
  const style = styleOf(line);
  const raw = rawElements(line, root, [...record.positives, ...record.negatives], layout.depth);
  const list = (passages: readonly ExportPassage[]): string =>
    arrayText(
      passages.map((passage) => raw.get(passage.text) ?? layout.element(passage, (text) => encodeString(text, line))),
      style,
    );
  const edits: TextEdit[] = [];
  if (lists.positivesChanged) edits.push(...setMember(line, root, layout.positives, list(lists.positives)));
  if (lists.negativesChanged) edits.push(...setMember(line, root, layout.negatives, list(lists.negatives)));
  const stale = scores === undefined ? SCORE_MEMBERS.filter((name) => memberOf(root, name) !== undefined) : [];
  edits.push(...removeMembers(root, stale));
  for (const [name, numbers] of scores ?? []) edits.push(...setMember(line, root, name, arrayText(numbers, style)));
  const text = applyEdits(line, edits);
  if (text === line) return { kind: "unchanged", scoresUnknown };
  return { kind: "rewritten", text, scoresRemoved: stale.length > 0, scoresUnknown };
}

/** The passages that a record is to hold, and whether these are others than it holds. */
interface ListsInForce {
  readonly positives: readonly ExportPassage[];
  readonly positivesChanged: boolean;
  readonly negatives: readonly ExportPassage[];
  readonly negativesChanged: boolean;
}

function listsInForce(record: TrainingRecord, query: ExportQuery): ListsInForce {
  const listed = textsIn(record.positives);
  const kept = record.positives.filter(({ text }) => !query.removedPositives.has(text));
  const added = query.promoted.filter(({ text }) => !listed.has(text));
  const negatives = negativesFor(record, query);
  const negativesChanged = !sameTexts(record.negatives, negatives);
  return {
    positives: [...kept.map(unscored), ...added],
    positivesChanged: kept.length < record.positives.length || added.length > 0,
    // What stays keeps its order and its repetitions.
    negatives: negativesChanged ? negatives : record.negatives.map(unscored),
    negativesChanged,
  };
}

/** The scores of both lists as the members that hold them; undefined where one is not known. */
function scoresOf(
  query: ExportQuery,
  { positives, negatives }: ListsInForce,
): readonly (readonly [name: string, numbers: readonly string[]])[] | undefined {
  const known = new Map([...query.positives, ...query.negatives].map(({ text, score }) => [normaliseText(text), score]));
  const scores = (passages: readonly ExportPassage[]): readonly number[] =>
    passages.map(({ text }) => known.get(normaliseText(text)) ?? Number.NaN);
  const both = [scores(positives), scores(negatives)];
  if (!both.flat().every(Number.isFinite)) return undefined;
  return SCORE_MEMBERS.map((name, i) => [name, (both[i] ?? []).map(scoreText)]);
}

function unscored({ text }: RecordPassage): ExportPassage {
  return { id: "", text, score: Number.NaN };
}

/** Gives a record with one positive and n negatives in members of their own the first n emitted negatives. */
export function rewriteTuple(line: string, record: TrainingRecord, query: ExportQuery): Rewriting {
  if (record.positives.some(({ text }) => query.removedPositives.has(text))) return { kind: "dropped", why: "left_out" };
  const wanted = negativesFor(record, query).slice(0, record.negatives.length);
  if (wanted.length < record.negatives.length) return { kind: "dropped", why: "short" };
  if (sameTexts(record.negatives, wanted)) return unchanged;
  const root = objectOf(line);
  if (root === undefined) return unchanged;
  const raw = rawElements(line, root, record.negatives, 0);
  const edits = record.negatives.flatMap(({ path }, i): TextEdit[] => {
    const node = nodeAt(root, path);
    const passage = wanted[i];
    return node === undefined || passage === undefined
      ? []
      : [{ start: node.start, end: node.end, text: raw.get(passage.text) ?? encodeString(passage.text, line) }];
  });
  return { kind: "rewritten", text: applyEdits(line, edits), scoresRemoved: false };
}

/**
 * Gives a record with one list of passages and one of labels the passages in force. Passages that stay keep their place, their bytes
 * and their label, also those whose label says neither; what is new goes behind them, with null where the list holds scores.
 */
export function rewriteLabeledList(line: string, record: TrainingRecord, query: ExportQuery): Rewriting {
  const wanted = negativesFor(record, query);
  const emitted = textsIn(wanted);
  const listed = [...record.positives, ...record.negatives];
  const gone = [
    ...record.positives.filter(({ text }) => query.removedPositives.has(text)),
    ...record.negatives.filter(({ text }) => !emitted.has(text)),
  ];
  const keptPositives = textsIn(record.positives.filter((passage) => !gone.includes(passage)));
  const keptNegatives = textsIn(record.negatives.filter((passage) => !gone.includes(passage)));
  const positives = query.promoted.filter(({ text }) => !keptPositives.has(text));
  const negatives = wanted.filter(({ text }) => !keptNegatives.has(text));
  if (gone.length + positives.length + negatives.length === 0) return unchanged;
  if (keptPositives.size + positives.length === 0) return { kind: "dropped", why: "left_out" };
  const root = objectOf(line);
  const docsName = listed[0]?.path[0];
  const labelsName = LABEL_LIST_COLUMNS.find((name) => memberOf(root, name)?.value.kind === "array");
  if (root === undefined || typeof docsName !== "string" || labelsName === undefined) return unchanged;
  const style = styleOf(line);
  const stays = (_: string, position: number): boolean => !gone.some(({ path }) => path[1] === position);
  const docs = elementsOf(line, root, docsName);
  const labels = elementsOf(line, root, labelsName);
  const raw = rawElements(line, root, listed, 0);
  const added = [...positives, ...negatives].map(({ text }) => raw.get(text) ?? encodeString(text, line));
  // Similarities in place of labels are on a scale that is not known here.
  const withScores = isScoreKey(labelsName) && labels.some((label) => !Number.isInteger(Number(label)));
  const addedLabels = withScores ? added.map(() => "null") : [...positives.map(() => "1"), ...negatives.map(() => "0")];
  const edits = [
    ...setMember(line, root, docsName, arrayText([...docs.filter(stays), ...added], style)),
    ...setMember(line, root, labelsName, arrayText([...labels.filter(stays), ...addedLabels], style)),
  ];
  return { kind: "rewritten", text: applyEdits(line, edits), scoresRemoved: false, scoresUnknown: withScores && added.length > 0 };
}

/** Keeps or drops a record with one positive, one negative, or one of each. */
export function keepOrDropPair(record: TrainingRecord, query: ExportQuery): Rewriting {
  if (record.positives.some(({ text }) => query.removedPositives.has(text))) return { kind: "dropped", why: "left_out" };
  const emitted = textsIn(negativesFor(record, query));
  return record.negatives.every(({ text }) => emitted.has(text)) ? unchanged : { kind: "dropped", why: "replaced" };
}

/** The negatives that a record is to hold. */
function negativesFor(record: TrainingRecord, query: ExportQuery): readonly ExportPassage[] {
  if (query.mode === "mined") return query.negatives;
  return record.negatives.filter(({ text }) => !query.barred.has(text)).map(unscored);
}

function objectOf(line: string): JsonObjectNode | undefined {
  const { root } = scanJson(line, textStart(line));
  return root?.kind === "object" ? root : undefined;
}

function elementsOf(line: string, root: JsonObjectNode, name: string): readonly string[] {
  const list = memberOf(root, name)?.value;
  return list?.kind === "array" ? list.elements.map(({ start, end }) => line.slice(start, end)) : [];
}

/** The elements' own bytes by text, so that escapes and unknown fields of a passage survive its move. */
function rawElements(line: string, root: JsonObjectNode, passages: readonly RecordPassage[], depth: number): ReadonlyMap<string, string> {
  const raw = new Map<string, string>();
  for (const { text, path } of passages) {
    const node = nodeAt(root, path.slice(0, path.length - depth));
    if (node !== undefined && !raw.has(text)) raw.set(text, line.slice(node.start, node.end));
  }
  return raw;
}

function textsIn(passages: readonly { readonly text: string }[]): ReadonlySet<string> {
  return new Set(passages.map(({ text }) => text));
}

/** Whether both hold the same set of texts, in whatever order and however often. */
function sameTexts(a: readonly { readonly text: string }[], b: readonly { readonly text: string }[]): boolean {
  const [left, right] = [textsIn(a), textsIn(b)];
  return left.size === right.size && [...right].every((text) => left.has(text));
}
