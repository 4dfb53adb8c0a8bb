import type { MarkAnswer, MarkParams, RevisionAnswer } from "#protocol/marks";
import type { Outcome } from "#protocol/outcome";
import type { QueryParams, QueryView, Retrieval, StepParams } from "#protocol/review";
import type { SettingEdit } from "#protocol/sampler";
import type { DatasetStatus } from "#protocol/status";
import { failed } from "./failures";
import { candidateOf, positivesOf } from "./fakeCards";
import { alikeTo, FakeCuration, fallenOutBy } from "./fakeCuration";
import { fakeDataset, fakeFile } from "./fakeDataset";
import { gradientQueryOf, gradientsOf, queryGradientsOf } from "./fakeGradients";
import { FakeLabelling } from "./fakeLabelling";
import { FakeMarks, type FakeMark } from "./fakeMarks";
import { isDisagreement } from "./fakeOpinions";
import { plainConfig, withFakeEdits, type FakeConfig } from "./fakeSampler";
import { readyStatus } from "./fakeStatus";
import { FakeTraining } from "./fakeTraining";
import type { FakeQuery } from "./passages";

/** A small server for one data set: shows queries as the real one does, from memory, with marks that act at once. */
export class FakeServer {
  retrieval: Retrieval = "dense";
  revision = 1;
  status: DatasetStatus = readyStatus;
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
  readonly queries: readonly FakeQuery[];
  readonly marks = new FakeMarks();

  constructor(queries: readonly FakeQuery[]) {
    this.queries = queries;
    this.labelling = new FakeLabelling(queries);
  }

  view(index: number): QueryView {
    const query = this.queries[index];
    if (query === undefined) throw new Error(`There is no query ${String(index)}.`);
    const listed = query.candidates.map((text, i) => candidateOf(this, query, text, i)).filter(({ key }) => !this.removed.has(key));
    const positives = positivesOf(this, query);
    const pulls = gradientQueryOf(index, positives, listed);
    const gradients = pulls && gradientsOf(pulls, this.temperature);
    const all = listed.map((candidate, at) => (gradients?.[at] === undefined ? candidate : { ...candidate, gradient: gradients[at] }));
    const queryVerdict = this.marks.verdictOn(query.id, undefined);
    const ambiguous = this.isUncovered(query) ? this.labelling.ambiguous(query) : undefined;
    return {
      revision: this.revision,
      dataset: fakeDataset,
      index,
      total: this.queries.length,
      key: query.id,
      id: query.id,
      text: query.text,
      place: { file: fakeFile, line: 12 + index },
      otherLines: index === 0 ? [40] : [],
      ...(queryVerdict === undefined ? {} : { verdict: queryVerdict }),
      ...(ambiguous === undefined ? {} : { calledAmbiguous: ambiguous }),
      retrieval: this.retrieval,
      positives,
      ...(pulls === undefined ? {} : { gradients: queryGradientsOf(pulls, this.temperature) }),
      candidates: all.filter((candidate) => candidate.kept),
      dropped: all.filter((candidate) => !candidate.kept),
      short: index === 1 ? 2 : 0,
      counts: this.#counts(),
      canUndo: this.marks.canUndo,
      canRedo: this.marks.canRedo,
    };
  }

  show({ index, key }: QueryParams): Outcome<QueryView> {
    const at = this.#indexOf(key);
    const found = at === -1 ? (index ?? 0) : at;
    if (this.queries[found] === undefined) return failed("superseded", `There is no query ${String(found + 1)}.`, "Go to another query.");
    return { ok: true, value: this.view(found) };
  }

  step({ index, direction, onlyOpen, onlyNew }: StepParams): Outcome<QueryView> {
    for (let at = index + direction; this.queries[at] !== undefined; at += direction) {
      const view = this.view(at);
      const isWanted = onlyNew === true ? view.candidates.some(({ isNew }) => isNew === true) : !onlyOpen || openIn(view);
      if (isWanted) return { ok: true, value: view };
    }
    return { ok: true, value: this.view(index) };
  }

  mark(params: MarkParams): Outcome<MarkAnswer> {
    const { query, document, alsoDocuments = [], verdict } = params;
    this.marks.add(params);
    this.revision += 1;
    const of = this.teaches && document !== undefined && alsoDocuments.length === 0 ? document : "";
    const alike = alikeTo(of, verdict).filter(({ key }) => this.marks.verdictOn(query, key) === undefined);
    return {
      ok: true,
      value: { view: this.view(this.#indexOf(query)), alsoAffected: 0, alike, fellOut: fallenOutBy(of, verdict) },
    };
  }

  undo(index: number): Outcome<RevisionAnswer> {
    return this.#revised(this.marks.undo(), index);
  }

  redo(index: number): Outcome<RevisionAnswer> {
    return this.#revised(this.marks.redo(), index);
  }

  /** Writes edits into the configuration: of the sampler, the temperature, or the adapter in use. */
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

  /** Whether the person may see what is said of the query and its positives. */
  isUncovered(query: FakeQuery): boolean {
    return this.labelling.shows === "always" || this.marks.all.some((mark) => mark.query === query.id);
  }

  /** Pairs whose verdict and opinion differ and that were not judged again as such. */
  disagreements(): readonly string[] {
    return this.queries.flatMap((query) =>
      query.candidates.flatMap((_, i) => {
        const key = `${query.id}/n${String(i)}`;
        const mark = this.marks.all.findLast(({ document }) => document === key);
        const opinion = this.labelling.opinionOn(query, i);
        if (mark === undefined || opinion === undefined || mark.lane === "disagreements") return [];
        return isDisagreement(mark.verdict, opinion) ? [key] : [];
      }),
    );
  }

  /** After an undo or redo; where there was nothing to revise, the query at a position stays as it is. */
  #revised(group: readonly FakeMark[], index: number): Outcome<RevisionAnswer> {
    const [mark] = group;
    if (mark === undefined) return { ok: true, value: { view: this.view(index) } };
    this.revision += 1;
    const { query, document, verdict } = mark;
    const done = { query, verdict, marks: group.length, ...(document === undefined ? {} : { document }) };
    return { ok: true, value: { done, view: this.view(this.#indexOf(query)) } };
  }

  #counts(): QueryView["counts"] {
    const { all } = this.marks;
    return {
      queries: this.queries.length,
      queriesReviewed: new Set(all.map((mark) => mark.query)).size,
      marks: all.length,
      falseNegatives: all.filter((mark) => mark.verdict === "false_negative").length,
    };
  }

  #indexOf(id: string | undefined): number {
    return this.queries.findIndex((query) => query.id === id);
  }
}

function openIn(view: QueryView): boolean {
  return view.candidates.some((candidate) => candidate.verdict === undefined);
}
