import type { OpinionsView } from "#protocol/curation";
import type {
  LabelledQuery,
  LabellingOutcome,
  LabellingParams,
  LabellingPlanAnswer,
  LabellingState,
  LabellingStatus,
  LabellingTask,
  LabellingTotals,
  StartLabellingParams,
} from "#protocol/labelling";
import type { Outcome } from "#protocol/outcome";
import type { OpinionView } from "#protocol/review";
import { refused } from "./failures";
import { fakeDataset } from "./fakeDataset";
import { calledAmbiguous, calledWrong, fakeOpinion } from "./fakeOpinions";
import type { FakeQuery } from "./passages";

const DRY_RUN = 3;
const PER_QUERY = { calls: 1, inputTokens: 2140, outputTokens: 410, cost: 0.00057, seconds: 2.5 } as const;
/** Queries of the run that come to nothing, by their place in it, from 0. */
const FAILING: Readonly<Record<number, string>> = {
  1: "The model gave no answer of the asked shape, twice.",
  4: "The model refused to answer.",
};

/** A labeller that asks nobody: it goes through the queries one by one as it is told to, with opinions that are written down in advance. */
export class FakeLabelling {
  /** Whether opinions are sent before the person's own verdict. */
  shows: "after_verdict" | "always" = "after_verdict";
  /** What cannot be read of the files of suggestions. */
  problems: readonly string[] = [];
  /** Whether the person gave a price. */
  hasPrice = true;
  readonly #queries: readonly FakeQuery[];
  /** The queries of the run under way, or of the last one. */
  #asked: readonly FakeQuery[] = [];
  #status: LabellingStatus = idle;
  #outcome: LabellingOutcome | undefined;
  /** Ids of the queries that were judged, and of those that were answered. */
  readonly #judged = new Set<string>();
  readonly #answered = new Set<string>();
  /** Ids of the queries that a dry run has asked about: they cost nothing any more. */
  readonly #cached = new Set<string>();

  constructor(queries: readonly FakeQuery[]) {
    this.#queries = queries;
  }

  get status(): LabellingStatus {
    return this.#status;
  }

  /** As after a run of an earlier day over the first queries. */
  assumeJudged(queries: number): void {
    for (const { id } of this.#queries.slice(0, queries)) {
      this.#judged.add(id);
      this.#answered.add(id);
    }
  }

  opinionOn(query: FakeQuery, i: number): OpinionView | undefined {
    const opinion = this.#judged.has(query.id) ? fakeOpinion(query, i) : undefined;
    if (opinion === undefined || this.#answered.has(query.id)) return opinion;
    const { contribution: _none, ...rest } = opinion;
    return rest;
  }

  ambiguous(query: FakeQuery): string | undefined {
    return this.#judged.has(query.id) ? calledAmbiguous[query.id] : undefined;
  }

  wrongPositive(query: FakeQuery, key: string): string | undefined {
    return this.#judged.has(query.id) ? calledWrong[key] : undefined;
  }

  state(revision: number, disagreements: number): Outcome<LabellingState> {
    const outcome = this.#outcome === undefined ? {} : { outcome: this.#outcome };
    const totals = this.#totals(disagreements);
    return { ok: true, value: { revision, status: this.#status, queries: 100, ...outcome, totals, problems: this.problems } };
  }

  plan({ task, model, confirmWith, queries }: LabellingParams): Outcome<LabellingPlanAnswer> {
    const asked = this.#open(task).slice(0, queries);
    const pairs = sum(asked.map(({ candidates }) => candidates.length));
    const cachedCalls = asked.filter(({ id }) => this.#cached.has(id)).length;
    const most = task === "answer" ? 9 : confirmWith === undefined ? 1 : 2;
    const left = most * asked.length - cachedCalls;
    const nothing = "There is nothing to ask: every pair that is emitted has a person’s verdict or a model’s.";
    const sent = `Queries and the texts of up to 10 of their passages are sent to ${model.label} of ${model.offeredBy}${confirmWith === undefined ? "" : `, what it flags to ${confirmWith.label} of ${confirmWith.offeredBy}`}. Marks, file names and keys are not sent.`;
    return {
      ok: true,
      value: {
        kind: "plan",
        plan: {
          queries: asked.length,
          pairs,
          calls: most * asked.length,
          cachedCalls,
          inputTokens: left * PER_QUERY.inputTokens,
          outputTokens: left * PER_QUERY.outputTokens,
          ...(this.hasPrice ? { cost: left * PER_QUERY.cost } : {}),
          text: asked.length === 0 ? nothing : sent,
        },
      },
    };
  }

  start(params: StartLabellingParams): Outcome<null> {
    if (this.#status.phase !== "idle") return refused("A run is under way already.", "Stop it first, or wait for its end.");
    this.#asked = this.#open(params.task).slice(0, params.dryRun ? DRY_RUN : params.queries);
    this.#status = { ...idle, phase: "running", task: params.task, isDryRun: params.dryRun, total: this.#asked.length, ...this.#cost(0) };
    this.#outcome = undefined;
    return { ok: true, value: null };
  }

  pause(): Outcome<null> {
    if (this.#status.phase !== "running") return refused("No run is under way.", "Start one with Ask.");
    this.#status = { ...this.#status, phase: "paused" };
    return { ok: true, value: null };
  }

  resume(): Outcome<null> {
    if (this.#status.phase !== "paused") return refused("No run is paused.", "Start one with Ask.");
    this.#status = { ...this.#status, phase: "running" };
    return { ok: true, value: null };
  }

  /** The run ends with the next query that it is told of. */
  stop(): Outcome<null> {
    if (this.#status.phase === "idle") return refused("No run is under way.", "Start one with Ask.");
    this.#status = { ...this.#status, phase: "stopping" };
    return { ok: true, value: null };
  }

  /** The next query is answered; after the last one the run is over. */
  tick(): void {
    const { phase, done, total, isDryRun, task } = this.#status;
    if (phase === "idle") return;
    if (phase === "stopping") {
      this.#end("stopped", `Stopped after ${String(done)} of ${String(total)} queries. What was answered is kept.`);
      return;
    }
    const query = this.#asked[done];
    const hasFailed = FAILING[done] !== undefined;
    if (query !== undefined && !hasFailed) this.#keep(query, task, isDryRun);
    const status = this.#status;
    const asked = { calls: status.calls + 1, inputTokens: status.inputTokens + PER_QUERY.inputTokens };
    const answered = { outputTokens: status.outputTokens + PER_QUERY.outputTokens, seconds: status.seconds + PER_QUERY.seconds };
    const failed = status.failed + (hasFailed ? 1 : 0);
    this.#status = { ...status, ...asked, ...answered, ...this.#cost(asked.calls), done: done + 1, failed };
    if (done + 1 >= total) this.#end("finished", this.#finished());
  }

  /** Ends the run as something has gone wrong. */
  breakOff(text: string): void {
    this.#end("failed", text);
  }

  /** What the curation view says of it. */
  get opinions(): OpinionsView | undefined {
    const { queries, pairs, flagged } = this.#totals(0);
    if (queries === 0) return undefined;
    const agreement = {
      pairs: 31,
      agreement: 0.839,
      kappa: 0.52,
      text: "It agrees with you moderately: sort by what it says, and do not believe it without looking.",
    };
    return { queries, pairs, flagged, agreement };
  }

  #finished(): string {
    const { failed, total, task } = this.#status;
    const missing = failed === 0 ? "" : ` ${String(failed)} of them came to no verdict.`;
    const found = task === "judge" ? "4 of 19 pairs are called relevant, 1 in part." : "2 teachers carry a ranking, 1 is flat.";
    return `${String(total)} queries were asked about.${missing} ${found}`;
  }

  #keep(query: FakeQuery, task: LabellingTask, isDryRun: boolean): void {
    if (isDryRun) this.#cached.add(query.id);
    else if (task === "judge") this.#judged.add(query.id);
    else this.#answered.add(query.id);
  }

  #end(end: LabellingOutcome["end"], text: string): void {
    const { task, isDryRun, failed, done, total, calls, cachedCalls, inputTokens, outputTokens, cost } = this.#status;
    const asked = this.#asked.slice(0, done).map((query, at) => this.#labelled(query, at, task));
    this.#outcome = {
      task,
      isDryRun,
      end,
      text,
      failed,
      left: total - done,
      calls,
      cachedCalls,
      inputTokens,
      outputTokens,
      ...(cost === undefined ? {} : { cost }),
      queries: isDryRun ? asked : asked.filter(({ failure }) => failure !== undefined),
    };
    this.#status = { ...this.#status, phase: "idle" };
  }

  #labelled(query: FakeQuery, at: number, task: LabellingTask): LabelledQuery {
    const index = this.#queries.indexOf(query);
    const failure = FAILING[at];
    const base = { index, text: query.text };
    if (failure !== undefined) return { ...base, passages: [], notes: [], failure };
    const positives = query.positives.map((text, i) => ({
      key: `${query.id}/p${String(i)}`,
      text,
      isPositive: true,
      ...(task === "answer" ? { contribution: i === 0 ? 0.04 : 0 } : {}),
    }));
    const candidates = query.candidates.slice(0, 10).map((text, i) => {
      const opinion = task === "judge" ? fakeOpinion(query, i) : undefined;
      const said = opinion === undefined ? {} : { opinion: withoutContribution(opinion) };
      const contribution = task === "answer" ? { contribution: fakeOpinion(query, i)?.contribution ?? 0 } : {};
      return { key: `${query.id}/n${String(i)}`, text, isPositive: false, ...said, ...contribution };
    });
    const ambiguous = calledAmbiguous[query.id];
    const notes = task === "judge" && ambiguous !== undefined ? [`The query is called ambiguous: ${ambiguous}`] : [];
    const answer = task === "answer" ? { answer: "400 days after sealing; <b>a legal hold</b> stops the clock." } : {};
    return { ...base, passages: [...positives, ...candidates], notes, ...answer };
  }

  #open(task: LabellingTask): readonly FakeQuery[] {
    const known = task === "judge" ? this.#judged : this.#answered;
    return this.#queries.filter(({ id }) => !known.has(id));
  }

  #totals(disagreements: number): LabellingTotals {
    const judged = this.#queries.filter(({ id }) => this.#judged.has(id));
    const said = judged.flatMap((query) => query.candidates.flatMap((_, i) => fakeOpinion(query, i) ?? []));
    const answered = this.#answered.size;
    const calls = this.#judged.size + 9 * answered;
    return {
      queries: judged.length,
      pairs: said.length,
      flagged: said.filter(({ verdict }) => verdict !== "not_relevant").length,
      ambiguousQueries: judged.filter(({ id }) => calledAmbiguous[id] !== undefined).length,
      wrongPositives: judged.filter(({ id }) => calledWrong[`${id}/p1`] !== undefined).length,
      teachers: { ranking: Math.max(0, answered - 1), flat: Math.min(1, answered), oneHot: 0 },
      inputTokens: calls * PER_QUERY.inputTokens,
      outputTokens: calls * PER_QUERY.outputTokens,
      cost: calls * PER_QUERY.cost,
      disagreements,
    };
  }

  #cost(calls: number): { readonly cost?: number } {
    return this.hasPrice ? { cost: calls * PER_QUERY.cost } : {};
  }
}

const idle: LabellingStatus = {
  dataset: fakeDataset,
  phase: "idle",
  task: "judge",
  isDryRun: false,
  done: 0,
  total: 0,
  failed: 0,
  calls: 0,
  cachedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  seconds: 0,
};

function withoutContribution({ contribution: _none, ...opinion }: OpinionView): OpinionView {
  return opinion;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
