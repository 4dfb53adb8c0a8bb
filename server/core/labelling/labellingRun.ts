import { CachedChat } from "../chat/cachedChat";
import type { AnswerCache } from "../chat/chat";
import type { HarvestQuery } from "../curation/harvestQueries";
import type { LabellingConfig } from "../config/labellingSchema";
import type { Sha256, Stopwatch } from "../ports";
import type { DatasetSession } from "../session/datasetSession";
import type { SuggestionJournal } from "../session/suggestionJournal";
import type { Failure } from "../util/failure";
import type { Result } from "../util/result";
import { askQuestion, confirmationFailure } from "./askQuestion";
import type { AskedModel, Asking, Findings } from "./askQuestion";
import { failedQuery, labelledQuery } from "./labelledQuery";
import type { LabelledQuery, LabellingCosts, LabellingEnd, LabellingProgress } from "./labellingOutcome";
import type { LabellingOrder, ModelInUse } from "./labellingOrder";
import { endText } from "./labellingWords";
import { MeteredChat } from "./meteredChat";
import { QuestionGate } from "./questionGate";
import type { Question } from "./questions";
import { RunTally } from "./runTally";
import { settledQuestion } from "./settledQuestion";
import { suggestionsFrom } from "./suggestionsFrom";

export interface LabellingRunPorts {
  readonly session: DatasetSession;
  readonly suggestions: SuggestionJournal;
  readonly cache: AnswerCache;
  readonly sha256: Sha256;
  readonly stopwatch: Stopwatch;
  /** Told of every change of the progress. */
  readonly advanced: () => void;
}

/** Of queries without a verdict so many are shown. */
const MOST_SHOWN = 20;
/** Seconds between two times that the session hears of new suggestions: each time every query is decided anew, also the one under review. */
const TELLING_INTERVAL = 10;

/** What became of one query. */
type Settled =
  | { readonly kind: "found"; readonly question: Question; readonly findings: Findings }
  | { readonly kind: "failed"; readonly question: Question; readonly failure: Failure }
  /** There is nothing to ask about it any more. */
  | { readonly kind: "passed over" }
  /** The run ended before there was an answer. */
  | { readonly kind: "left" };

interface Models {
  readonly meters: readonly MeteredChat[];
  readonly caches: readonly CachedChat[];
  readonly ask: AskedModel;
  readonly confirm?: AskedModel;
}

/**
 * One run: questions about several queries are under way at once, and what was answered is written in the order of the queries, so that the same
 * answers give the same lines whatever the concurrency. Settings are those of its beginning; data and marks are taken as they are when a
 * query's turn comes.
 */
export class LabellingRun {
  readonly #ports: LabellingRunPorts;
  readonly #order: LabellingOrder;
  readonly #queries: readonly HarvestQuery[];
  readonly #settings: LabellingConfig;
  readonly #gate: QuestionGate;
  readonly #models: Models;
  readonly #cancellation = { requested: false };
  readonly #tally: RunTally;
  readonly #began: number;
  readonly #settled: Settled[] = [];
  readonly #shown: LabelledQuery[] = [];
  /** The next query to ask about, and the next to be written. */
  #next = 0;
  #nextWritten = 0;
  #writing: Promise<void> = Promise.resolve();
  #told: number;
  #failure: Failure | undefined;

  constructor(ports: LabellingRunPorts, order: LabellingOrder, queries: readonly HarvestQuery[]) {
    this.#ports = ports;
    this.#order = order;
    this.#queries = queries;
    this.#settings = ports.session.config.labelling;
    this.#gate = new QuestionGate(Math.max(1, order.concurrency));
    this.#models = this.#modelsOf(order);
    this.#tally = new RunTally(this.#settings.min_perplexity);
    this.#began = ports.stopwatch();
    this.#told = this.#began;
  }

  get progress(): LabellingProgress {
    const { task, dryRun } = this.#order;
    return {
      phase: this.#cancellation.requested ? "stopping" : this.#gate.isPaused ? "paused" : "running",
      task,
      isDryRun: dryRun,
      done: this.#tally.done,
      total: this.#queries.length,
      failed: this.#tally.failed,
      ...this.#costs(),
      seconds: Math.round((this.#ports.stopwatch() - this.#began) * 10) / 10,
    };
  }

  /** Asks nothing new; what is under way is waited for. */
  pause(): void {
    if (this.#cancellation.requested) return;
    this.#gate.pause();
    this.#ports.advanced();
  }

  resume(): void {
    this.#gate.resume();
    this.#ports.advanced();
  }

  /** Gives up what is under way. What was answered is kept. */
  stop(): void {
    this.#cancellation.requested = true;
    this.#gate.open();
    this.#ports.advanced();
  }

  async run(): Promise<LabellingEnd> {
    const workers = Array.from({ length: Math.min(Math.max(1, this.#order.concurrency), this.#queries.length) }, () => this.#work());
    const worked = await Promise.allSettled(workers);
    this.#tell();
    const fault = worked.find((result) => result.status === "rejected");
    if (fault !== undefined) throw fault.reason;
    return this.#end();
  }

  async #work(): Promise<void> {
    try {
      for (;;) {
        await this.#gate.unpaused();
        const place = this.#next;
        const query = this.#queries[place];
        if (query === undefined || this.#cancellation.requested) return;
        this.#next += 1;
        this.#settled[place] = await this.#asked(query);
        await this.#write();
      }
    } catch (error) {
      // A bug ends the whole run: what else is under way is given up.
      this.stop();
      throw error;
    }
  }

  async #asked(query: HarvestQuery): Promise<Settled> {
    const { task, ask, confirm } = { task: this.#order.task, ...this.#models };
    const { session, suggestions } = this.#ports;
    const cancellation = this.#cancellation;
    const sources = { session, suggestions: suggestions.folded, settings: this.#settings, confirms: confirm !== undefined };
    const question = await settledQuestion(task, query, { ...sources, cancellation });
    if (!question.ok) {
      this.#endBy(question.failure);
      return { kind: "left" };
    }
    if (question.value === undefined) return { kind: "passed over" };
    const asking: Asking = { settings: this.#settings, cancellation, ask, ...(confirm === undefined ? {} : { confirm }) };
    const findings = await askQuestion(question.value, asking);
    // What was answered of a query that the run broke off is in the cache, and is asked for by the next run.
    if (isCancelled(findings) || (this.#cancellation.requested && !isComplete(findings))) return { kind: "left" };
    if (!findings.ok) return { kind: "failed", question: question.value, failure: findings.failure };
    // The answers of a batch alone: a first look is not written without the second one, which waits for another batch.
    const unconfirmed = confirmationFailure(findings.value);
    if (unconfirmed?.reason === "not-ready") return { kind: "failed", question: question.value, failure: unconfirmed };
    return { kind: "found", question: question.value, findings: findings.value };
  }

  /** Writes what is settled as far as no earlier query is still being asked about. */
  async #write(): Promise<void> {
    const turn = this.#writing.then(async () => {
      for (let settled = this.#settled[this.#nextWritten]; settled !== undefined; settled = this.#settled[this.#nextWritten]) {
        this.#nextWritten += 1;
        await this.#take(settled);
      }
    });
    this.#writing = turn.catch(() => undefined);
    await turn;
    if (this.#ports.stopwatch() - this.#told >= TELLING_INTERVAL) this.#tell();
    this.#ports.advanced();
  }

  async #take(settled: Settled): Promise<void> {
    const tally = this.#tally;
    switch (settled.kind) {
      case "found": {
        const { question, findings } = settled;
        const kept = this.#order.dryRun ? "kept" : await this.#keep(question, findings);
        if (kept === "kept") tally.add(question, findings);
        else if (kept === "gone") tally.passedOver += 1;
        if (this.#order.dryRun) this.#shown.push(labelledQuery(question, findings, this.#settings.min_perplexity));
        return;
      }
      case "failed":
        tally.failed += 1;
        if (this.#order.dryRun || this.#shown.length < MOST_SHOWN) this.#shown.push(failedQuery(settled.question, settled.failure));
        return;
      case "passed over":
        tally.passedOver += 1;
        return;
      case "left":
        return;
    }
  }

  /** "gone": the texts are not in the data any more. "full": the disk takes no more, which ends the run. */
  async #keep(question: Question, findings: Findings): Promise<"kept" | "gone" | "full"> {
    const { session, suggestions } = this.#ports;
    const { ask, confirm } = this.#order;
    const { collection } = session;
    const made = suggestionsFrom(question, findings, { collection, ask, ...(confirm === undefined ? {} : { confirm }) });
    for (const suggestion of made) {
      const added = await suggestions.add(suggestion);
      if (added.ok) continue;
      this.#endBy(added.failure);
      return "full";
    }
    return made.length > 0 ? "kept" : "gone";
  }

  #endBy(failure: Failure): void {
    if (this.#cancellation.requested) return;
    this.#failure = failure;
    this.stop();
  }

  /** Lets the session see what was written. */
  #tell(): void {
    const { session, suggestions, stopwatch } = this.#ports;
    this.#told = stopwatch();
    if (session.suggestions !== suggestions.folded) session.setSuggestions(suggestions.folded);
  }

  #end(): LabellingEnd {
    const { task, dryRun: isDryRun, confirm } = this.#order;
    const tally = this.#tally;
    const [total, costs, failure] = [this.#queries.length, this.#costs(), this.#failure];
    const left = total - tally.done;
    const end = failure !== undefined ? "failed" : left > 0 ? "stopped" : "finished";
    const facts = { task, isDryRun, end, total, tally, costs, isConfirmed: confirm !== undefined } as const;
    const text = endText(failure === undefined ? facts : { ...facts, failure });
    return { task, isDryRun, end, text, failed: tally.failed, left, ...costs, queries: this.#shown };
  }

  #costs(): LabellingCosts {
    const { meters, caches } = this.#models;
    const sum = (count: (meter: MeteredChat) => number): number => meters.reduce((total, meter) => total + count(meter), 0);
    const cachedCalls = caches.reduce((total, { hits }) => total + hits, 0);
    const isPriced = meters.every(({ cost }) => cost !== undefined);
    return {
      calls: sum(({ calls }) => calls) + cachedCalls,
      cachedCalls,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      ...(isPriced ? { cost: sum(({ cost }) => cost ?? 0) } : {}),
    };
  }

  #modelsOf({ ask, confirm }: LabellingOrder): Models {
    const { cache, sha256 } = this.#ports;
    const meters: MeteredChat[] = [];
    const caches: CachedChat[] = [];
    const asked = (model: ModelInUse): AskedModel => {
      const meter = new MeteredChat(model, {
        gate: this.#gate,
        counted: () => {
          this.#ports.advanced();
        },
        ended: (failure) => {
          this.#endBy(failure);
        },
      });
      const chat = new CachedChat(meter, cache, sha256);
      meters.push(meter);
      caches.push(chat);
      return { name: model.name, chat };
    };
    const first = asked(ask);
    return { meters, caches, ask: first, ...(confirm === undefined ? {} : { confirm: asked(confirm) }) };
  }
}

function isCancelled(findings: Result<Findings>): boolean {
  return !findings.ok && findings.failure.reason === "cancelled";
}

/** Whether every model that was to be asked said something of use. */
function isComplete(findings: Result<Findings>): boolean {
  return findings.ok && confirmationFailure(findings.value) === undefined;
}
