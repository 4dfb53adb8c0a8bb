import type { CurationState, Lane, NextCardAnswer, NextCardParams } from "#protocol/curation";
import type { LabellingParams, LabellingPlanAnswer, LabellingState } from "#protocol/labelling";
import type { MarkAnswer, MarkParams, RevisionAnswer } from "#protocol/marks";
import type { GradientAnswer } from "#protocol/gradients";
import type { Failure, Outcome } from "#protocol/outcome";
import type { CandidateView, PositiveView, QueryParams, QueryView, Retrieval, StepParams, Verdict } from "#protocol/review";
import type { MarkedPoint, PreviewAnswer, ProposalAnswer, SamplerState, SettingEdit } from "#protocol/sampler";
import type { CompareRoundsParams, RoundComparison, TrainingState } from "#protocol/training";
import { alikeTo, FakeCuration, fakeSuspicion, fallenOutBy } from "./fakeCuration";
import { fakeDataset } from "./fakeDataset";
import { crowdedReport, gradientQueryOf, gradientsOf, queryGradientsOf, reportOf } from "./fakeGradients";
import { FakeLabelling } from "./fakeLabelling";
import { isDisagreement } from "./fakeOpinions";
import { fakeProposals } from "./fakeProposals";
import { earlierMarks, previewOf } from "./fakePool";
import { plainConfig, problemOf, resolve, stateOf, withFakeEdits, type FakeConfig } from "./fakeSampler";
import { compareFake, FakeTraining } from "./fakeTraining";
import type { FakeQuery } from "./passages";
import { poolGradientQueries } from "./poolGradients";

const file = "/home/ada/tern/train.jsonl";

interface FakeMark {
  readonly query: string;
  readonly document?: string;
  readonly verdict: Verdict;
  readonly lane?: Lane;
  /** Marks of one group go together. */
  readonly group: number;
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
  /** Passages whose text is not in the data any more. */
  readonly forgotten = new Set<string>();
  training = new FakeTraining();
  temperature = 0.05;
  curation = new FakeCuration(false);
  readonly labelling: FakeLabelling;
  /** Whether the model says what it suspects, and marks bring near-duplicates and what falls out with them. */
  teaches = false;
  /** Number of points that the gradients have at least, to see how long drawing takes. */
  points = 0;
  readonly #queries: readonly FakeQuery[];
  #marks: readonly FakeMark[] = [];
  #undone: readonly FakeMark[] = [];

  constructor(queries: readonly FakeQuery[]) {
    this.#queries = queries;
    this.labelling = new FakeLabelling(queries);
  }

  view(index: number): QueryView {
    const query = this.#queries[index];
    if (query === undefined) throw new Error(`There is no query ${String(index)}.`);
    const listed = query.candidates.map((text, i) => this.#candidate(query, text, i)).filter(({ key }) => !this.removed.has(key));
    const positives = this.#positives(query);
    const pulls = gradientQueryOf(index, positives, listed);
    const gradients = pulls && gradientsOf(pulls, this.temperature);
    const all = listed.map((candidate, at) => (gradients?.[at] === undefined ? candidate : { ...candidate, gradient: gradients[at] }));
    const queryVerdict = this.#verdict(query.id, undefined);
    const ambiguous = this.#isUncovered(query) ? this.labelling.ambiguous(query) : undefined;
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
      ...(ambiguous === undefined ? {} : { calledAmbiguous: ambiguous }),
      retrieval: this.retrieval,
      positives,
      ...(pulls === undefined ? {} : { gradients: queryGradientsOf(pulls, this.temperature) }),
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

  step({ index, direction, onlyOpen, onlyNew }: StepParams): Outcome<QueryView> {
    for (let at = index + direction; this.#queries[at] !== undefined; at += direction) {
      const view = this.view(at);
      const isWanted = onlyNew === true ? view.candidates.some(({ isNew }) => isNew === true) : !onlyOpen || openIn(view);
      if (isWanted) return { ok: true, value: view };
    }
    return { ok: true, value: this.view(index) };
  }

  mark({ query, document, alsoDocuments = [], verdict, lane }: MarkParams): Outcome<MarkAnswer> {
    const group = (this.#marks.at(-1)?.group ?? 0) + 1;
    const mark = { query, verdict, group, ...(lane === undefined ? {} : { lane }) };
    const documents = document === undefined ? [undefined] : [document, ...alsoDocuments];
    this.#marks = [...this.#marks, ...documents.map((each) => ({ ...mark, ...(each === undefined ? {} : { document: each }) }))];
    this.#undone = [];
    this.revision += 1;
    const of = this.teaches && document !== undefined && alsoDocuments.length === 0 ? document : "";
    const alike = alikeTo(of, verdict).filter(({ key }) => this.#verdict(query, key) === undefined);
    return {
      ok: true,
      value: { view: this.view(this.#indexOf(query)), alsoAffected: 0, alike, fellOut: fallenOutBy(of, verdict) },
    };
  }

  undo(index: number): Outcome<RevisionAnswer> {
    const last = this.#marks.at(-1);
    if (last === undefined) return { ok: true, value: { view: this.view(index) } };
    const group = this.#marks.filter((mark) => mark.group === last.group);
    this.#marks = this.#marks.filter((mark) => mark.group !== last.group);
    this.#undone = [...this.#undone, ...group];
    return this.#revised(group);
  }

  redo(index: number): Outcome<RevisionAnswer> {
    const last = this.#undone.at(-1);
    if (last === undefined) return { ok: true, value: { view: this.view(index) } };
    const group = this.#undone.filter((mark) => mark.group === last.group);
    this.#undone = this.#undone.filter((mark) => mark.group !== last.group);
    this.#marks = [...this.#marks, ...group];
    return this.#revised(group);
  }

  nextCard(params: NextCardParams): Outcome<NextCardAnswer> {
    if (this.mining !== undefined) return { ok: true, value: { kind: "mining", ...this.mining } };
    this.#tellCuration();
    const answer = this.curation.nextCard(params, this.#marks);
    if (answer.kind !== "card" || this.forgotten.has(answer.card.document)) return { ok: true, value: answer };
    const { document, index, query } = answer.card;
    const text = this.#queries[index]?.candidates[Number(document.split("/n")[1])] ?? "";
    return { ok: true, value: { kind: "card", card: { ...answer.card, passage: this.#passage(query, document, text, 201) } } };
  }

  curationState(): Outcome<CurationState> {
    this.#tellCuration();
    return { ok: true, value: this.curation.state(this.revision, this.#marks) };
  }

  beginAudit(): Outcome<CurationState> {
    this.curation.begin();
    return this.curationState();
  }

  planLabelling(params: LabellingParams): Outcome<LabellingPlanAnswer> {
    return this.mining === undefined ? this.labelling.plan(params) : { ok: true, value: { kind: "mining", ...this.mining } };
  }

  labellingState(): Outcome<LabellingState> {
    return this.labelling.state(this.revision, this.#disagreements().length);
  }

  propose(): Outcome<ProposalAnswer> {
    const falseNegatives = this.#marks.filter((mark) => mark.verdict === "false_negative").length;
    return { ok: true, value: fakeProposals(falseNegatives, this.config) };
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

  gradientReport(temperature = this.temperature): Outcome<GradientAnswer> {
    if (this.mining !== undefined) return { ok: true, value: { kind: "mining", ...this.mining } };
    if (this.retrieval === "lexical")
      return failed("no-vectors", "There are no vectors yet, and gradients are computed from them.", "Wait until embedding is done.");
    if (!(temperature > 0)) return failed("bad-config", `The temperature is ${String(temperature)}: must be above 0.`, "Try 0.05.");
    const own = this.#queries.flatMap((_, index) => {
      const { positives, candidates, dropped } = this.view(index);
      const query = gradientQueryOf(index, positives, [...candidates, ...dropped]);
      return query === undefined || query.candidates.length === 0 ? [] : [query];
    });
    const queries = own.length === 0 ? [] : [...own, ...poolGradientQueries(resolve(this.config), this.#queries)];
    const report = reportOf(queries, { temperature, savedTemperature: this.temperature }, this.revision);
    return { ok: true, value: { kind: "report", report: this.points === 0 ? report : crowdedReport(report, this.points) } };
  }

  trainingState(): Outcome<TrainingState> {
    const candidates = this.#queries.flatMap((_, query) => this.view(query).candidates);
    return this.training.state(this.revision, candidates.filter(({ isNew }) => isNew === true).length);
  }

  compareRounds(params: CompareRoundsParams): Outcome<RoundComparison> {
    return compareFake(this.#queries, params);
  }

  /** Writes edits into the configuration: of the sampler, or the adapter in use. */
  saveConfig(edits: readonly SettingEdit[]): void {
    for (const { value } of edits.filter((edit) => edit.path[0] === "model")) {
      this.training.adapterInUse = typeof value === "string" ? value : undefined;
    }
    for (const { value } of edits.filter((edit) => edit.path[0] === "training")) this.temperature = Number(value);
    this.config = withFakeEdits(
      this.config,
      edits.filter((edit) => edit.path[0] === "sampler"),
    );
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

  #tellCuration(): void {
    this.curation.disagreements = this.#disagreements();
    this.curation.opinions = this.labelling.opinions;
  }

  /** Pairs whose verdict and opinion differ and that were not judged again as such. */
  #disagreements(): readonly string[] {
    return this.#queries.flatMap((query) =>
      query.candidates.flatMap((_, i) => {
        const key = `${query.id}/n${String(i)}`;
        const mark = this.#marks.findLast(({ document }) => document === key);
        const opinion = this.labelling.opinionOn(query, i);
        if (mark === undefined || opinion === undefined || mark.lane === "disagreements") return [];
        return isDisagreement(mark.verdict, opinion) ? [key] : [];
      }),
    );
  }

  /** Whether the person may see what is said of the query and its positives. */
  #isUncovered(query: FakeQuery): boolean {
    return this.labelling.shows === "always" || this.#marks.some((mark) => mark.query === query.id);
  }

  #opinion(query: FakeQuery, i: number, verdict: Verdict | undefined): Pick<CandidateView, "opinion" | "hasHiddenOpinion"> {
    const opinion = this.labelling.opinionOn(query, i);
    if (opinion === undefined) return {};
    return verdict !== undefined || this.labelling.shows === "always" ? { opinion } : { hasHiddenOpinion: true };
  }

  #revised(group: readonly FakeMark[]): Outcome<RevisionAnswer> {
    this.revision += 1;
    const [mark] = group;
    if (mark === undefined) throw new Error("A group has at least one mark.");
    const { query, document, verdict } = mark;
    const done = { query, verdict, marks: group.length, ...(document === undefined ? {} : { document }) };
    return { ok: true, value: { done, view: this.view(this.#indexOf(query)) } };
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
      const wrong = this.#isUncovered(query) ? this.labelling.wrongPositive(query, key) : undefined;
      const called = wrong === undefined ? {} : { calledWrong: wrong };
      return { ...this.#passage(query.id, key, text, 900 + i), ...this.#score(0.842 - i * 0.078), promoted: false, ...called };
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
      ...this.#opinion(query, i, passage.verdict),
      ...(this.teaches && passage.verdict === undefined ? { suspicion: fakeSuspicion(i) } : {}),
      ...(this.training.adapterInUse !== undefined && i % 6 === 3 && dropped === undefined && passage.verdict === undefined
        ? { isNew: true }
        : {}),
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

function openIn(view: QueryView): boolean {
  return view.candidates.some((candidate) => candidate.verdict === undefined);
}

export function failed(reason: string, message: string, nextStep: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, message, nextStep } };
}
