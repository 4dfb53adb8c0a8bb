import type { MarkAnswer, MarkParams, RevisionAnswer } from "#protocol/marks";
import type { Failure, Outcome } from "#protocol/outcome";
import type { CandidateView, PositiveView, QueryParams, QueryView, Retrieval, StepParams, Verdict } from "#protocol/review";
import type { MarkedPoint, PreviewAnswer, ProposalAnswer, SamplerState, SettingEdit } from "#protocol/sampler";
import { earlierMarks, previewOf } from "./fakePool";
import { plainConfig, problemOf, resolve, stateOf, withFakeEdits, type FakeConfig } from "./fakeSampler";
import type { FakeQuery } from "./passages";

export const fakeDataset = "file:///home/ada/tern/train.jsonl";
const file = "/home/ada/tern/train.jsonl";

interface FakeMark {
  readonly query: string;
  readonly document?: string;
  readonly verdict: Verdict;
}

const dropRules: readonly { readonly rule: string; readonly reason: string }[] = [
  { rule: "near_duplicate", reason: "similarity 0.981 to a positive, at or above near_duplicate 0.95" },
  { rule: "relative_margin", reason: "score 0.742 is above 0.95 × 0.764, the lowest positive" },
  { rule: "range_max", reason: "rank 31 is beyond range_max 30" },
];

/** A small server for one data set: answers as the real one does, from memory, with marks that act at once. */
export class FakeServer {
  retrieval: Retrieval = "dense";
  revision = 1;
  config: FakeConfig = plainConfig;
  /** While it is set, the candidates of the whole file are being searched. */
  mining: { readonly done: number; readonly total: number } | undefined;
  readonly removed = new Set<string>();
  readonly #queries: readonly FakeQuery[];
  #marks: readonly FakeMark[] = [];
  #undone: readonly FakeMark[] = [];

  constructor(queries: readonly FakeQuery[]) {
    this.#queries = queries;
  }

  view(index: number): QueryView {
    const query = this.#queries[index];
    if (query === undefined) throw new Error(`There is no query ${String(index)}.`);
    const all = query.candidates.map((text, i) => this.#candidate(query, text, i)).filter(({ key }) => !this.removed.has(key));
    const queryVerdict = this.#verdict(query.id, undefined);
    return {
      revision: this.revision,
      dataset: fakeDataset,
      index,
      total: this.#queries.length,
      key: query.id,
      id: query.id,
      text: query.text,
      place: { file, line: 12 + index },
      otherLines: index === 0 ? [40] : [],
      ...(queryVerdict === undefined ? {} : { verdict: queryVerdict }),
      retrieval: this.retrieval,
      positives: this.#positives(query),
      candidates: all.filter((candidate) => candidate.kept),
      dropped: all.filter((candidate) => !candidate.kept),
      short: index === 1 ? 2 : 0,
      counts: {
        queries: this.#queries.length,
        queriesReviewed: new Set(this.#marks.map((mark) => mark.query)).size,
        marks: this.#marks.length,
        falseNegatives: this.#marks.filter((mark) => mark.verdict === "false_negative").length,
      },
      canUndo: this.#marks.length > 0,
      canRedo: this.#undone.length > 0,
    };
  }

  show({ index, key }: QueryParams): Outcome<QueryView> {
    const at = this.#queries.findIndex((query) => query.id === key);
    const found = at === -1 ? (index ?? 0) : at;
    if (this.#queries[found] === undefined) return failed("superseded", `There is no query ${String(found + 1)}.`, "Go to another query.");
    return { ok: true, value: this.view(found) };
  }

  step({ index, direction, onlyOpen }: StepParams): Outcome<QueryView> {
    for (let at = index + direction; this.#queries[at] !== undefined; at += direction) {
      const view = this.view(at);
      if (!onlyOpen || view.candidates.some((candidate) => candidate.verdict === undefined)) return { ok: true, value: view };
    }
    return { ok: true, value: this.view(index) };
  }

  mark({ query, document, verdict }: MarkParams): Outcome<MarkAnswer> {
    this.#marks = [...this.#marks, { query, verdict, ...(document === undefined ? {} : { document }) }];
    this.#undone = [];
    this.revision += 1;
    return { ok: true, value: { view: this.view(this.#indexOf(query)), alsoAffected: 0 } };
  }

  undo(index: number): Outcome<RevisionAnswer> {
    const last = this.#marks.at(-1);
    if (last === undefined) return { ok: true, value: { view: this.view(index) } };
    this.#marks = this.#marks.slice(0, -1);
    this.#undone = [...this.#undone, last];
    return this.#revised(last);
  }

  redo(index: number): Outcome<RevisionAnswer> {
    const last = this.#undone.at(-1);
    if (last === undefined) return { ok: true, value: { view: this.view(index) } };
    this.#undone = this.#undone.slice(0, -1);
    this.#marks = [...this.#marks, last];
    return this.#revised(last);
  }

  propose(): Outcome<ProposalAnswer> {
    const falseNegatives = this.#marks.filter((mark) => mark.verdict === "false_negative").length;
    if (falseNegatives < 2) return { ok: true, value: { why: "There are fewer than two marked false negatives." } };
    return {
      ok: true,
      value: {
        proposal: {
          parameter: "relative_margin",
          from: 0.05,
          to: 0.08,
          falseNegativesAvoided: falseNegatives,
          falseNegatives,
          trueNegativesLost: 1,
          trueNegatives: 31,
          text: `relative_margin from 0.05 to 0.08 would have kept out ${String(falseNegatives)} of ${String(falseNegatives)} marked false negatives, and costs 1 of 31 marked true negatives.`,
        },
      },
    };
  }

  samplerState(): Outcome<SamplerState> {
    return { ok: true, value: stateOf(this.config, this.revision) };
  }

  previewSampler(edits: readonly SettingEdit[]): Outcome<PreviewAnswer> {
    if (this.mining !== undefined) return { ok: true, value: { kind: "mining", ...this.mining } };
    const sampler = resolve(withFakeEdits(this.config, edits));
    const problem = problemOf(sampler);
    if (problem !== undefined) return failed("bad-config", problem, "Change one of the two.");
    return { ok: true, value: { kind: "preview", preview: previewOf(sampler, this.revision, [...earlierMarks, ...this.#points()]) } };
  }

  /** The marks of this sitting as points of the histograms. */
  #points(): readonly MarkedPoint[] {
    return this.#queries.flatMap((_, query) => {
      const { candidates, dropped } = this.view(query);
      return [...candidates, ...dropped].flatMap(({ verdict, margin, positiveSimilarity }) =>
        verdict === undefined
          ? []
          : [
              {
                verdict,
                query,
                ...(margin === undefined ? {} : { difference: -margin }),
                ...(positiveSimilarity === undefined ? {} : { positiveSimilarity }),
              },
            ],
      );
    });
  }

  #revised(mark: FakeMark): Outcome<RevisionAnswer> {
    this.revision += 1;
    return { ok: true, value: { done: mark, view: this.view(this.#indexOf(mark.query)) } };
  }

  #indexOf(id: string): number {
    return this.#queries.findIndex((query) => query.id === id);
  }

  #verdict(query: string, document: string | undefined): Verdict | undefined {
    return this.#marks.findLast((mark) => mark.query === query && mark.document === document)?.verdict;
  }

  #positives(query: FakeQuery): readonly PositiveView[] {
    const promoted = query.candidates.flatMap((text, i) =>
      this.#verdict(query.id, `${query.id}/n${String(i)}`) === "false_negative" ? [{ text, i }] : [],
    );
    const listed = query.positives.map((text, i) => {
      const key = `${query.id}/p${String(i)}`;
      return { ...this.#passage(query.id, key, text, 900 + i), ...this.#score(0.842 - i * 0.078), promoted: false };
    });
    return [
      ...listed,
      ...promoted.map(({ text, i }) => ({
        ...this.#passage(query.id, `${query.id}/n${String(i)}`, text, 201 + i * 7),
        ...this.#score(0.8 - i * 0.01),
        promoted: true,
      })),
    ];
  }

  #candidate(query: FakeQuery, text: string, i: number): CandidateView {
    const key = `${query.id}/n${String(i)}`;
    const passage = this.#passage(query.id, key, text, 201 + i * 7);
    const dropped = i % 5 === 4 && query.candidates.length < 100 ? dropRules[Math.floor(i / 5) % dropRules.length] : undefined;
    const leaves = passage.verdict !== undefined && !["true_negative", "later"].includes(passage.verdict);
    const score = this.retrieval === "dense" ? 0.786 - 0.0187 * Math.min(i, 30) - 0.00001 * i : 21.4 - 0.9 * Math.min(i, 20);
    const rule = leaves
      ? { rule: "marked", reason: "your verdict took it out of the negatives" }
      : (dropped ?? {
          rule: i % 3 === 2 ? "pinned" : "sampled",
          reason: i % 3 === 2 ? "listed in the file and verified" : `drawn from ranks 1 to 30`,
        });
    return {
      ...passage,
      rank: i + 2,
      score,
      ...(query.positives.length > 0 && this.retrieval === "dense" ? { margin: 0.764 - score } : {}),
      ...this.#origin(i),
      kept: !leaves && dropped === undefined,
      ...rule,
      listed: i % 4 === 1,
      otherUses: i % 3 === 0 ? i + 1 : 0,
    };
  }

  /** Where a candidate comes from: most from one source, some from two, some drawn and scored anew. */
  #origin(i: number): Pick<CandidateView, "source" | "sources" | "probability" | "rescored" | "positiveSimilarity"> {
    if (this.retrieval === "lexical") return { source: "bm25", sources: ["bm25"] };
    const rescored = i % 4 === 3 ? { rescored: 7.31 - i * 0.4 } : {};
    const positiveSimilarity = 0.88 - i * 0.03;
    if (i % 3 === 1) return { source: "simans", sources: ["simans"], probability: 0.031 / (1 + i / 8), positiveSimilarity, ...rescored };
    if (i % 3 === 2) return { source: "same_article", sources: ["same_article", "top"], positiveSimilarity, ...rescored };
    return { source: "top", sources: ["top"], positiveSimilarity, ...rescored };
  }

  #passage(query: string, key: string, text: string, line: number) {
    const verdict = this.#verdict(query, key);
    return { key, id: key, text, place: { file, line }, ...(verdict === undefined ? {} : { verdict }) };
  }

  #score(score: number): { readonly score?: number } {
    return this.retrieval === "dense" ? { score } : {};
  }
}

export function failed(reason: string, message: string, nextStep: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, message, nextStep } };
}
