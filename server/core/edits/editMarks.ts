import { idFromKey, normaliseText, textKey } from "../collection/textKey";
import type { RecordPassage } from "../formats/format";
import type { FoldedMarks } from "../marks/foldMarks";
import type { TextIdentity, VerdictMark } from "../marks/mark";
import { textIdentity } from "../marks/newMark";
import type { Sha256 } from "../ports";
import type { EditJudgement, EditVerdict } from "./rowDelta";
import type { ChangedRow } from "./textDelta";

/** A verdict that a saved change of the file gave. */
export interface EditMark {
  readonly verdict: EditVerdict;
  readonly query: TextIdentity;
  readonly document: TextIdentity;
  readonly reason: string;
  /** 1-based. */
  readonly line: number;
}

/** More rows with a verdict than this in one save are the work of a script, or of a replacement throughout the file. */
export const MOST_ROWS = 20;

/** What changes of rows add to the marks, and which marks of earlier changes they take back. */
export interface EditMarks {
  readonly verdicts: readonly EditMark[];
  readonly takenBack: readonly VerdictMark[];
  /** Rows with a list that was emptied or filled anew, which judges nothing. */
  readonly madeAnew: number;
  /** Number of rows with a verdict, where they were more than a person changes by hand; nothing is made of them then. Else 0. */
  readonly tooMany: number;
}

export interface EditMarksInput {
  readonly rows: readonly ChangedRow[];
  readonly folded: FoldedMarks;
  /** The person whose change it is. */
  readonly author: string;
  readonly sha256: Sha256;
}

/**
 * Compares changes with the marks in force. What marks say already is not said again, so that a file saved with its marks applied records
 * nothing. A change that reverses what an earlier one was recognised as takes that mark back. One that completes it, as a passage cut out
 * of the negatives before one save and put among the positives before the next, gives the verdict of the whole. A row that an undo brought
 * back gives no verdict.
 */
export function editMarks({ rows, ...known }: EditMarksInput): EditMarks {
  const found = rows.map((row) => marksOfRow(row, known));
  const judged = found.filter(({ verdicts }) => verdicts.length > 0).length;
  if (judged > MOST_ROWS) return { verdicts: [], takenBack: [], madeAnew: 0, tooMany: judged };
  return {
    verdicts: found.flatMap(({ verdicts }) => verdicts),
    takenBack: found.flatMap(({ takenBack }) => takenBack),
    madeAnew: found.filter(({ madeAnew }) => madeAnew).length,
    tooMany: 0,
  };
}

interface RowMarks {
  readonly verdicts: readonly EditMark[];
  readonly takenBack: readonly VerdictMark[];
  readonly madeAnew: boolean;
}

function marksOfRow({ line, query, delta, returned }: ChangedRow, { folded, author, sha256 }: Omit<EditMarksInput, "rows">): RowMarks {
  const verdicts: EditMark[] = [];
  const takenBack: VerdictMark[] = [];
  const queryName = identityOf(query, sha256);
  const inForce = folded.ofQuery(queryName.key).filter(({ verdict }) => verdict !== "later");
  const marksOn = (passage: RecordPassage): PairMarks => {
    const key = textKey(passage.text, sha256);
    const all = inForce.filter(({ document }) => document?.key === key);
    const own = all.find((mark) => mark.author === author);
    return { all, ...(own === undefined ? {} : { own }) };
  };
  const give = ({ verdict, passage, reason }: EditJudgement): void => {
    // What is undone is as if it had not been done, and no opinion to the contrary.
    if (!returned) verdicts.push({ verdict, query: queryName, document: identityOf(passage, sha256), reason, line });
  };
  for (const judgement of delta.judged) {
    const { verdict, passage } = judgement;
    const marks = marksOn(passage);
    if (marks.own?.origin === "edit" && reverse[verdict] === marks.own.verdict) takenBack.push(marks.own);
    else if (!isSaid(verdict, marks)) give(judgement);
  }
  const judged = new Set(delta.judged.map(({ passage }) => normaliseText(passage.text)));
  for (const { passage, side } of delta.arrived) {
    const { own } = marksOn(passage);
    if (own?.origin !== "edit" || judged.has(normaliseText(passage.text))) continue;
    const completed = completions.find((completion) => completion.cut === own.verdict && completion.side === side);
    if (completed !== undefined) give({ verdict: completed.verdict, passage, reason: completed.reason });
    else if (own.verdict === cutFrom[side]) takenBack.push(own);
  }
  return { verdicts, takenBack, madeAnew: !returned && delta.withheld.some(({ verdict, passage }) => !isSaid(verdict, marksOn(passage))) };
}

interface PairMarks {
  /** Of all persons; what was put off is none. */
  readonly all: readonly VerdictMark[];
  readonly own?: VerdictMark;
}

/** What the opposite move was recognised as. */
const reverse: Readonly<Partial<Record<EditVerdict, EditVerdict>>> = { false_negative: "true_negative", true_negative: "false_negative" };

/** What a passage taken out of a list was recognised as. */
const cutFrom: Readonly<Record<"positives" | "negatives", EditVerdict>> = { positives: "bad_positive", negatives: "cant_tell" };

/** A passage that was taken out of one list at one save and is in the other at the next. */
const completions = [
  { cut: "cant_tell", side: "positives", verdict: "false_negative", reason: "moved from the negatives to the positives" },
  { cut: "bad_positive", side: "negatives", verdict: "true_negative", reason: "moved from the positives to the negatives" },
] as const;

/** Whether the marks say as much already: the person's own where there is one, else anybody's. */
function isSaid(verdict: EditVerdict, { all, own }: PairMarks): boolean {
  const heard = own === undefined ? all : [own];
  // A passage that somebody judged is known better than by its absence.
  if (verdict === "cant_tell") return own !== undefined || all.some((mark) => mark.verdict !== "true_negative");
  // One person's word takes a positive out.
  if (verdict === "bad_positive") return all.some((mark) => mark.verdict === verdict);
  return heard.some((mark) => mark.verdict === verdict);
}

function identityOf({ text, id }: { readonly text: string; readonly id?: string }, sha256: Sha256): TextIdentity {
  const key = textKey(text, sha256);
  return textIdentity(key, id ?? idFromKey(key));
}
