import type {
  CurationState,
  FalseNegativeModelView,
  Lane,
  LaneCard,
  NextCardAnswer,
  NextCardParams,
  OpinionsView,
} from "#protocol/curation";
import type { AlikeView, FallenOut } from "#protocol/marks";
import type { Outcome } from "#protocol/outcome";
import type { Suspicion, Verdict } from "#protocol/review";

/** A mark as the lanes count it. */
export interface LaneMark {
  readonly query: string;
  readonly document?: string;
  readonly verdict: Verdict;
  readonly lane?: Lane;
}

const RHYTHM = { harvest: 3, audit: 2 } as const;
const TARGET = 0.05;

/** The passages of each lane, in its order, as "query/candidate". */
const LANES: Readonly<Record<Lane, readonly string[]>> = {
  harvest: ["q-0012/n0", "q-0013/n0", "q-0014/n1", "q-0015/n0", "q-0012/n10", "q-0013/n3", "q-0012/n3"],
  audit: ["q-0013/n1", "q-0012/n5", "q-0014/n0", "q-0012/n11", "q-0015/n1", "q-0012/n8", "q-0013/n2"],
  second: ["q-0012/n7"],
  conflicts: ["q-0015/n2"],
  disagreements: [],
};

const WHY: Readonly<Record<Lane, string>> = {
  harvest: "Suspected at 64 % and hard: if it answers the query, it teaches the encoder the wrong thing the most.",
  audit: "Drawn at random from everything that is emitted. What it turns out to be says how many false negatives are left.",
  second: "One of the tenth of audited pairs that a second person judges too.",
  conflicts: "Persons judge it differently: ada says true negative, grace says partly relevant.",
  disagreements: "You and a language model judge it differently.",
};

const DONE: Readonly<Record<Lane, string>> = {
  harvest: "No unmarked pair is left that the model suspects. Loosen the sampler, or go on with the audit.",
  audit: "Every pair of the audit has a verdict. Export with a certificate, or begin a fresh audit after the next change.",
  second: "Nobody else has judged an audited pair that waits for a second opinion.",
  conflicts: "All pairs that two people judged are judged alike.",
  disagreements: "No pair that you and a language model judge differently waits for you.",
};

/** Lanes, an audit and a model that learns nothing: all of it is computed from the marks of this sitting, on top of invented earlier ones. */
export class FakeCuration {
  /** Marked in the order of the present audit before this sitting, and the false ones; undefined where there is no audit yet. */
  earlier: { readonly marked: number; readonly falseNegatives: number } | undefined;
  changed = false;
  /** A passage that is offered for a second opinion although it has a verdict, as where somebody else has given it. */
  judgedBefore: string | undefined;
  /** Pairs whose verdict and opinion differ, in the order of the file, and what is said of opinions at all. */
  disagreements: readonly string[] = [];
  opinions: OpinionsView | undefined;
  #audits = 1;

  constructor(isUnderWay: boolean) {
    if (isUnderWay) this.earlier = { marked: 34, falseNegatives: 1 };
    this.changed = isUnderWay;
  }

  nextCard({ lane, passedOver = [] }: NextCardParams, marks: readonly LaneMark[]): NextCardAnswer {
    const turn = marks.filter((mark) => mark.lane === "harvest" || mark.lane === "audit").length % (RHYTHM.harvest + RHYTHM.audit);
    const due: Lane = lane ?? (turn < RHYTHM.harvest ? "harvest" : "audit");
    const chosen = lane === undefined && this.#openOf(due, marks).length === 0 ? (due === "harvest" ? "audit" : "harvest") : due;
    const open = this.#openOf(chosen, marks);
    const isPut = (document: string): boolean => passedOver.some((pair) => pair.document === document);
    const document = open.find((each) => !isPut(each)) ?? open[0];
    if (document === undefined) return { kind: "done", lane: chosen, text: DONE[chosen] };
    if (chosen === "audit") this.earlier ??= { marked: 0, falseNegatives: 0 };
    const done = LANES[chosen].length - open.length;
    const stretch =
      chosen === "disagreements"
        ? { place: 1, of: open.length }
        : lane === undefined
          ? { place: chosen === "audit" ? turn - RHYTHM.harvest + 1 : turn + 1, of: RHYTHM[chosen === "audit" ? "audit" : "harvest"] }
          : { place: done + 1, of: LANES[chosen].length };
    return { kind: "card", card: this.#card(chosen, document, { ...stretch, left: open.length }) };
  }

  state(revision: number, marks: readonly LaneMark[]): CurationState {
    const left = (Object.keys(LANES) as Lane[]).map((lane) => [lane, this.#openOf(lane, marks).length]);
    return {
      revision,
      maxFalseNegatives: TARGET,
      confidence: 0.95,
      rhythm: RHYTHM,
      model: this.earlier === undefined ? prior : fitted(marks),
      ...(this.earlier === undefined ? {} : { audit: this.#audit(marks) }),
      ...(this.opinions === undefined ? {} : { opinions: this.opinions }),
      left: Object.fromEntries(left) as CurationState["left"],
    };
  }

  begin(): void {
    this.#audits += 1;
    this.earlier = { marked: 0, falseNegatives: 0 };
    this.changed = false;
  }

  #card(
    lane: Lane,
    document: string,
    { place, of, left }: { readonly place: number; readonly of: number; readonly left: number },
  ): LaneCard {
    const query = document.split("/")[0] ?? "";
    const salt = lane === "audit" || lane === "second" ? { salt: `salt-${String(this.#audits)}` } : {};
    return {
      lane,
      index: Number(query.slice(2)) - 12,
      query,
      document,
      why: WHY[lane],
      blind: lane === "audit" || lane === "second",
      place,
      of,
      left,
      ...salt,
    };
  }

  #openOf(lane: Lane, marks: readonly LaneMark[]): readonly string[] {
    if (lane === "disagreements") return this.disagreements;
    const judged = new Set(marks.filter(({ verdict }) => verdict !== "later").map(({ document }) => document));
    const spoilt = new Set(marks.filter(({ verdict }) => verdict === "bad_query").map(({ query }) => query));
    const isOpen = (each: string): boolean => !judged.has(each) && !spoilt.has(each.split("/")[0] ?? "");
    const again = lane === "second" && this.judgedBefore !== undefined ? [this.judgedBefore] : [];
    return [...LANES[lane].filter(isOpen), ...again];
  }

  #audit(marks: readonly LaneMark[]): NonNullable<CurationState["audit"]> {
    const own = marks.filter(({ lane }) => lane === "audit");
    const marked = (this.earlier?.marked ?? 0) + own.length;
    const found = (this.earlier?.falseNegatives ?? 0) + own.filter(({ verdict }) => verdict !== "true_negative").length;
    const name = `audit-${String(this.#audits)}`;
    return {
      name,
      begun: "2026-11-22T09:10:00Z",
      total: boundOf(7510, marked, found),
      sources: [
        { source: "simans", ...boundOf(4506, Math.ceil(marked * 0.6), found) },
        { source: "same_article", ...boundOf(3004, Math.floor(marked * 0.4), 0) },
      ],
      ...(this.changed
        ? {
            changed: {
              added: 212,
              gone: 187,
              text: "212 negatives came after the audit began and are left out of a certified export. 187 negatives of the audit are not emitted any more. What the audit says holds for what is left of it; begin a new audit to cover what is emitted now.",
            },
          }
        : {}),
      agreement: {
        pairs: 24,
        agreement: 0.917,
        kappa: 0.71,
        text: "People agree well. Corrected for their errors (Rogan-Gladen) the share of false negatives would be 2.1 %, as a sensitivity and not as a bound.",
      },
    };
  }
}

/** What the model suspects of the nth candidate of a query. */
export function fakeSuspicion(i: number): Suspicion {
  const probability = Math.max(0.013, 0.71 - 0.09 * i);
  const isLikely = probability >= 0.5;
  return { probability, isLikely, text: isLikely ? `likely relevant: ${reasons[i % reasons.length] ?? ""}` : "" };
}

const reasons = ["almost the positive’s text", "nearer to the query than a positive", "near to a positive and to the query"];

/** Near-duplicates of a passage, and what falls out where it is promoted. */
const ALIKE: Readonly<Record<string, readonly AlikeView[]>> = {
  "q-0012/n0": [
    { key: "q-0012/n10", similarity: 0.9841, by: "vectors" },
    { key: "q-0012/n12", similarity: 0.9806, by: "vectors" },
  ],
  "q-0013/n0": [{ key: "q-0013/n3", similarity: 0.8333, by: "words" }],
};
const FALLEN: Readonly<Record<string, readonly string[]>> = { "q-0012/n3": ["q-0012/n1", "q-0012/n2", "q-0012/n5"] };

export function alikeTo(document: string, verdict: Verdict): readonly AlikeView[] {
  return verdict === "later" ? [] : (ALIKE[document] ?? []);
}

export function fallenOutBy(document: string, verdict: Verdict): readonly FallenOut[] {
  const keys = verdict === "false_negative" ? (FALLEN[document] ?? []) : [];
  return keys.map((key) => ({ key, reason: "score 0.767 is above 0.95 × 0.730, the promoted positive" }));
}

export function takenBackEdits(marks: readonly string[]): Outcome<{ readonly marks: number; readonly text: string }> {
  return { ok: true, value: { marks: marks.length, text: "1 mark of your edit is taken back. The file stays as it is." } };
}

/** Shrinks with marks and grows with what was found, roughly as a bound does. */
function boundOf(pairs: number, marked: number, falseNegatives: number) {
  const weight = 4.6 + 2.2 * falseNegatives;
  const atMost = Math.min(1, weight / Math.max(1, marked));
  const moreCleanMarks = Math.max(0, Math.ceil(weight / TARGET) - marked);
  const text = `${String(marked)} marked, ${String(falseNegatives)} false, at most ${(100 * atMost).toFixed(1)} %, about ${String(moreCleanMarks)} more clean marks to 5 %.`;
  return { pairs, marked, falseNegatives, atMost, moreCleanMarks, text };
}

const effects = [
  { feature: "positiveSimilarity", label: "similarity to a positive", effect: 1.31 },
  { feature: "score", label: "similarity to the query", effect: 0.84 },
  { feature: "positiveOverlap", label: "words shared with a positive", effect: 0.42 },
  { feature: "margin", label: "distance below the positive", effect: -0.37 },
  { feature: "rank", label: "rank", effect: -0.21 },
  { feature: "queryOverlap", label: "words shared with the query", effect: 0.12 },
  { feature: "agreement", label: "found by several sources", effect: 0.09 },
  { feature: "sameArticle", label: "from the article of a positive", effect: -0.01 },
];

const prior: FalseNegativeModelView = {
  kind: "prior",
  pairs: 0,
  falseNegatives: 0,
  calibration: "none",
  effects: effects.slice(0, 2).map((each) => ({ ...each, effect: 1 })),
  reliability: [],
  text: "Nothing is learnt from marks yet: it goes by how near a passage is to the query and to its positives.",
};

function fitted(marks: readonly LaneMark[]): FalseNegativeModelView {
  return {
    kind: "fitted",
    pairs: 118 + marks.length,
    falseNegatives: 21 + marks.filter(({ verdict }) => verdict === "false_negative").length,
    calibration: "platt",
    effects,
    reliability: [
      { from: 0, to: 0.1, pairs: 58, predicted: 0.043, observed: 0.052 },
      { from: 0.1, to: 0.3, pairs: 31, predicted: 0.18, observed: 0.161 },
      { from: 0.3, to: 0.6, pairs: 17, predicted: 0.42, observed: 0.47 },
      { from: 0.6, to: 1, pairs: 12, predicted: 0.74, observed: 0.667 },
    ],
    text: `Learnt from ${String(118 + marks.length)} marked pairs, 21 of them false negatives. Its probabilities are adjusted to marks that it had not seen, by Platt's two numbers.`,
  };
}
