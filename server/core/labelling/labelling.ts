import { batchLine, readBatchLine } from "../chat/batchFile";
import type { AnswerCache, ChatRequest } from "../chat/chat";
import { requestName } from "../chat/requestName";
import type { Curation } from "../curation/curation";
import type { HarvestQuery } from "../curation/harvestQueries";
import type { Logger, Sha256, Stopwatch } from "../ports";
import type { DatasetSession } from "../session/datasetSession";
import type { SuggestionJournal } from "../session/suggestionJournal";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { LabellingEnd, LabellingProgress } from "./labellingOutcome";
import { DRY_RUN_QUERIES } from "./labellingOrder";
import type { LabellingOrder, ModelInUse, PlanOrder } from "./labellingOrder";
import type { PlanAnswer } from "./labellingPlan";
import { LabellingRun } from "./labellingRun";
import { makePlan } from "./makePlan";
import { isOpen } from "./questions";
import { rehearse } from "./rehearse";

export interface LabellingPorts {
  readonly session: DatasetSession;
  readonly curation: Pick<Curation, "harvestQueries">;
  readonly suggestions: SuggestionJournal;
  readonly cache: AnswerCache;
  readonly sha256: Sha256;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  /** Told when the progress changed, or a run began or ended. */
  readonly changed: () => void;
}

/** The questions of a run that have no answer yet. */
export interface Batch {
  /** One for each, without line ends. */
  readonly lines: readonly string[];
  /** Questions that can only be asked once these are answered: the most there can be. */
  readonly later: number;
}

/** The queries of an order, whoever is asked. */
type WantedQueries = Pick<PlanOrder, "task" | "queries"> & { readonly confirm?: Pick<ModelInUse, "name"> };

type OpenQueries =
  | { readonly kind: "queries"; readonly queries: readonly HarvestQuery[] }
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** A run that is being prepared or under way. */
interface Active {
  readonly order: LabellingOrder;
  run?: LabellingRun;
  isStopped: boolean;
}

/** The runs of one data set in which language models are asked; at most one is under way. Nothing is asked outside of a run. */
export class Labelling {
  readonly #ports: LabellingPorts;
  #active: Active | undefined;
  #ended: Promise<LabellingEnd> | undefined;
  #outcome: LabellingEnd | undefined;

  constructor(ports: LabellingPorts) {
    this.#ports = ports;
  }

  /** How far the run under way is, without any query while they are being chosen; undefined where there is none. */
  get progress(): LabellingProgress | undefined {
    const active = this.#active;
    return active === undefined ? undefined : (active.run?.progress ?? notBegun(active));
  }

  /** How the last run of this session ended. */
  get outcome(): LabellingEnd | undefined {
    return this.#outcome;
  }

  /** What a run would ask, of whom, and at what price. Nothing is asked. The vectors must be ready. */
  async plan(order: PlanOrder): Promise<Result<PlanAnswer>> {
    const open = await this.#openQueries(order);
    if (!open.ok) return open;
    if (open.value.kind === "mining") return ok(open.value);
    const rehearsed = await rehearse(order, open.value.queries, this.#sources());
    return rehearsed.ok ? ok({ kind: "plan", plan: makePlan(order, rehearsed.value) }) : rehearsed;
  }

  /**
   * Begins a run over the next queries in the order of the harvest lane that hold a pair without an opinion, or one that is to be confirmed; or have no attributed answer. Fails
   * where a run is under way, and where the candidates of the whole file are not known yet.
   */
  async start(order: LabellingOrder): Promise<Result<null>> {
    if (this.#active !== undefined) {
      return err({ reason: "not-ready", message: "A run is under way.", nextStep: "Stop it first, or wait for its end." });
    }
    const active: Active = { order, isStopped: false };
    this.#active = active;
    this.#ports.changed();
    const queries = await this.#queriesOf(active);
    if (!queries.ok) {
      this.#active = undefined;
      this.#ports.changed();
      return queries;
    }
    const ended = this.#run(active, queries.value);
    // A bug in a run is told to whoever waits for its end; where nobody does, it must not take the language server with it.
    ended.catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#ports.logger("error", `Asking a language model ended by a fault. ${text}`);
    });
    this.#ended = ended;
    return ok(null);
  }

  /** Asks nothing new until it is resumed; what is under way is waited for. */
  pause(): void {
    this.#active?.run?.pause();
  }

  resume(): void {
    this.#active?.run?.resume();
  }

  /** Ends the run under way at once. What was answered is kept. */
  stop(): void {
    if (this.#active === undefined) return;
    this.#active.isStopped = true;
    this.#active.run?.stop();
  }

  /** The end of the run that was begun last; that it failed is part of how it ended. */
  async ended(): Promise<Result<LabellingEnd> | undefined> {
    const ended = await this.#ended;
    return ended === undefined ? undefined : ok(ended);
  }

  /** The questions of a run that are not answered yet, as lines for an OpenAI-compatible batch service. Nothing is asked. */
  async writeBatch(order: PlanOrder): Promise<Result<Batch>> {
    const open = await this.#openQueries(order);
    if (!open.ok) return open;
    if (open.value.kind === "mining") return err(stillMining);
    const rehearsed = await rehearse(order, open.value.queries, this.#sources());
    if (!rehearsed.ok) return rehearsed;
    const requests = new Map<string, ChatRequest>();
    for (const { ask, confirm } of rehearsed.value) {
      for (const request of [...ask, ...confirm]) requests.set(requestName(request, this.#ports.sha256), request);
    }
    const lines = [...requests].map(([name, request]) => batchLine(name, request));
    return ok({ lines, later: rehearsed.value.reduce((sum, { laterAsk, laterConfirm }) => sum + laterAsk + laterConfirm, 0) });
  }

  /** Takes the answers of a batch in; a run over the same queries then asks for none of them. */
  async readBatch(lines: readonly string[]): Promise<Result<{ readonly answers: number; readonly problems: readonly Failure[] }>> {
    const problems: Failure[] = [];
    let answers = 0;
    for (const [i, text] of lines.entries()) {
      if (text.trim() === "") continue;
      const read = readBatchLine(text);
      const failure = read.ok ? strangerIn(read.value.name) : read.failure;
      if (!read.ok || failure !== undefined) {
        if (failure !== undefined) problems.push({ ...failure, message: `Line ${String(i + 1)}: ${failure.message}` });
        continue;
      }
      await this.#ports.cache.put(read.value.name, read.value.answer);
      answers += 1;
    }
    return ok({ answers, problems });
  }

  /** Gives up a run under way. */
  async dispose(): Promise<void> {
    this.stop();
    await Promise.allSettled([this.#ended]);
  }

  #sources() {
    const { session, suggestions, cache, sha256 } = this.#ports;
    return { session, suggestions: suggestions.folded, cache, sha256 };
  }

  async #openQueries({ task, queries, confirm }: WantedQueries): Promise<Result<OpenQueries>> {
    const { curation, suggestions } = this.#ports;
    const found = await curation.harvestQueries();
    if (!found.ok || found.value.kind === "mining") return found;
    const sources = { suggestions: suggestions.folded, confirms: confirm !== undefined };
    const open = found.value.queries.filter((query) => isOpen(query, task, sources));
    return ok({ kind: "queries", queries: open.slice(0, Math.max(0, queries)) });
  }

  async #queriesOf(active: Active): Promise<Result<readonly HarvestQuery[]>> {
    const { dryRun, queries } = active.order;
    const open = await this.#openQueries({ ...active.order, queries: dryRun ? Math.min(queries, DRY_RUN_QUERIES) : queries });
    if (!open.ok) return open;
    if (active.isStopped) return err({ reason: "cancelled", message: "The run was stopped before it began." });
    return open.value.kind === "mining" ? err(stillMining) : ok(open.value.queries);
  }

  async #run(active: Active, queries: readonly HarvestQuery[]): Promise<LabellingEnd> {
    const { session, suggestions, cache, sha256, stopwatch, changed } = this.#ports;
    const run = new LabellingRun({ session, suggestions, cache, sha256, stopwatch, advanced: changed }, active.order, queries);
    active.run = run;
    try {
      this.#outcome = await run.run();
      return this.#outcome;
    } catch (error) {
      this.#outcome = endedByFault(active.order, run.progress);
      throw error;
    } finally {
      this.#active = undefined;
      changed();
    }
  }
}

function notBegun({ order, isStopped }: Active): LabellingProgress {
  const nothing = { done: 0, total: 0, failed: 0, calls: 0, cachedCalls: 0, inputTokens: 0, outputTokens: 0, seconds: 0 };
  return { phase: isStopped ? "stopping" : "running", task: order.task, isDryRun: order.dryRun, ...nothing };
}

const stillMining: Failure = {
  reason: "not-ready",
  message: "The candidates of the whole file are still being searched for.",
  nextStep: "Try again when that is done.",
};

/** Names of our questions are SHA-256 sums. */
function strangerIn(name: string): Failure | undefined {
  if (/^[\da-f]{64}$/u.test(name)) return undefined;
  return { reason: "bad-answer", message: `${JSON.stringify(name.slice(0, 80))} is the name of no question that Nearmiss wrote.` };
}

function endedByFault({ task, dryRun }: LabellingOrder, progress: LabellingProgress): LabellingEnd {
  const { done, total, failed, calls, cachedCalls, inputTokens, outputTokens, cost } = progress;
  const text = `The run ended after ${String(done)} of ${String(total)} queries by a fault of Nearmiss, which its log tells of. What was answered is kept.`;
  const costs = { calls, cachedCalls, inputTokens, outputTokens, ...(cost === undefined ? {} : { cost }) };
  return { task, isDryRun: dryRun, end: "failed", text, failed, left: total - done, ...costs, queries: [] };
}
