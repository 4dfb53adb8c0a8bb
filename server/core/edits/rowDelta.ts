import { normaliseText } from "../collection/textKey";
import type { RecordPassage, TrainingRecord } from "../formats/format";
import { isCorrected } from "./likeness";

/** What a change of a record can say of a passage. */
export type EditVerdict = "false_negative" | "true_negative" | "bad_positive" | "cant_tell";

/** A passage that a person's change of a record judges. */
export interface EditJudgement {
  readonly verdict: EditVerdict;
  /** The passage as the record named it before the change. */
  readonly passage: RecordPassage;
  /** What was done, for the mark's reason. */
  readonly reason: string;
}

/** A passage that came into a list. By itself that says nothing; it can take back or complete what an earlier change said. */
export interface Arrival {
  readonly passage: RecordPassage;
  readonly side: "positives" | "negatives";
}

/** What a person's change of one record means. */
export interface RowDelta {
  readonly judged: readonly EditJudgement[];
  readonly arrived: readonly Arrival[];
  /** What would be said of passages whose whole list was emptied or filled with others, as mining anew does: that judges none of them. */
  readonly withheld: readonly EditJudgement[];
}

/** What is known besides the record itself. */
export interface RowContext {
  /** Whether a text stands in the data other than by this change: then it is a passage of its own and no corrected one. */
  readonly isKnown?: (text: string) => boolean;
  /** Passages of the query's other records as they are now. A passage that left one record and stays in another is not judged. */
  readonly elsewhere?: readonly RecordPassage[];
}

/**
 * What a person meant by changing one record into another, both read by the file's own format.
 *
 * | change                                                      | meaning                                                     |
 * | ----------------------------------------------------------- | ----------------------------------------------------------- |
 * | from the negatives to the positives                         | false negative                                              |
 * | from the positives to the negatives                         | true negative                                               |
 * | out of the negatives and nowhere else                       | can't tell: it must be no negative, and nobody has said why |
 * | out of the positives and nowhere else, alone or for another | bad positive                                                |
 * | much the same text in its place                             | a correction of the text, no verdict                        |
 * | into the negatives or positives from outside                | no verdict                                                  |
 * | order, white space, scores, other fields                    | no verdict                                                  |
 * | another query                                               | no verdict                                                  |
 *
 * A passage put in from outside is not judged: the output of another miner that somebody pastes looks the same, and a "true negative" that
 * nobody has read would count as a clean pair in an audit. Texts are compared in their normalised form.
 */
export function rowDelta(before: TrainingRecord, after: TrainingRecord, context: RowContext = {}): RowDelta {
  if (queryOf(before) !== queryOf(after)) return { judged: [], arrived: [], withheld: [] };
  const was = sidesOf(before);
  const is = sidesOf(after);
  const stays = new Set([...after.documents, ...(context.elsewhere ?? [])].map(({ text }) => normaliseText(text)));
  const isOwn = ([key, { text }]: Keyed): boolean => was.all.has(key) || stays.has(key) || context.isKnown?.(text) === true;
  const isGone = ([key]: Keyed): boolean => !is.all.has(key) && !stays.has(key);
  const passages: Passages = { before: was.all, isOwn, isGone };
  const negatives = changesOf(was.negatives, is.negatives, passages);
  const positives = changesOf(was.positives, is.positives, passages);
  const left = [
    { ...negatives, verdict: "cant_tell" },
    { ...positives, verdict: "bad_positive" },
  ] as const;
  const leaving = (asAList: boolean): readonly EditJudgement[] =>
    left
      .filter(({ madeAnew }) => madeAnew === asAList)
      .flatMap(({ lost, verdict }) => lost.flatMap(([, passage]) => judgedAs(verdict, passage)));
  return {
    judged: [
      ...positives.came.flatMap(([key]) => judgedAs("false_negative", was.negatives.get(key))),
      ...negatives.came.flatMap(([key]) => judgedAs("true_negative", was.positives.get(key))),
      ...leaving(false),
    ],
    arrived: [
      ...positives.came.map(([, passage]): Arrival => ({ passage, side: "positives" })),
      ...negatives.came.map(([, passage]): Arrival => ({ passage, side: "negatives" })),
    ],
    withheld: leaving(true),
  };
}

const reasons: Readonly<Record<EditVerdict, string>> = {
  false_negative: "moved from the negatives to the positives",
  true_negative: "moved from the positives to the negatives",
  cant_tell: "deleted from the negatives",
  bad_positive: "taken out of the positives",
};

/** From so many on, passages that leave a list together are looked at as a list. */
const A_LIST = 3;

type Keyed = readonly [key: string, passage: RecordPassage];
type Side = ReadonlyMap<string, RecordPassage>;

interface Sides {
  readonly positives: Side;
  readonly negatives: Side;
  readonly all: Side;
}

/** The passages by normalised text. What stands in both lists is a positive: it is never used as a negative, whatever the list says. */
function sidesOf(record: TrainingRecord): Sides {
  const positives = byKey(record.positives);
  const negatives = byKey(record.negatives);
  for (const key of positives.keys()) negatives.delete(key);
  return { positives, negatives, all: new Map([...negatives, ...positives]) };
}

interface ListChanges {
  /** What came into the list and is no corrected text of it. */
  readonly came: readonly Keyed[];
  /** What left the record with that, and stands nowhere else. */
  readonly lost: readonly Keyed[];
  /** Whether the list was emptied, or at least as many others came as make a list. */
  readonly madeAnew: boolean;
}

interface Passages {
  readonly before: Side;
  /** Whether what came is a passage of its own, so that it cannot be a corrected text. */
  readonly isOwn: (came: Keyed) => boolean;
  /** Whether what left the list stands nowhere else now. */
  readonly isGone: (left: Keyed) => boolean;
}

function changesOf(was: Side, is: Side, { before, isOwn, isGone }: Passages): ListChanges {
  const came = [...is].filter(([key]) => !was.has(key));
  const lost: Keyed[] = [];
  for (const left of [...was].filter((passage) => !is.has(passage[0]) && isGone(passage))) {
    const place = came.findIndex((other) => !isOwn(other) && isCorrected(left[1].text, other[1].text));
    if (place === -1) lost.push(left);
    else came.splice(place, 1);
  }
  const fresh = came.filter(([key]) => !before.has(key)).length;
  return { came, lost, madeAnew: lost.length >= A_LIST && (lost.length === was.size || fresh >= A_LIST) };
}

function judgedAs(verdict: EditVerdict, passage: RecordPassage | undefined): readonly EditJudgement[] {
  return passage === undefined ? [] : [{ verdict, passage, reason: reasons[verdict] }];
}

function byKey(passages: readonly RecordPassage[]): Map<string, RecordPassage> {
  const keyed = new Map<string, RecordPassage>();
  for (const passage of passages) {
    const key = normaliseText(passage.text);
    if (!keyed.has(key)) keyed.set(key, passage);
  }
  return keyed;
}

function queryOf({ query }: TrainingRecord): string | undefined {
  return query === undefined ? undefined : normaliseText(query.text);
}
