import { AdapterTrials } from "./adapterTrials";
import type { Collection } from "../collection/collection";
import { buildCollectionSliced } from "../collection/buildCollection";
import type { CollectionInput } from "../collection/buildCollection";
import { TextKeys } from "../collection/textKeys";
import { configHash } from "../config/configHash";
import type { Config } from "../config/config";
import type { FoldedMarks } from "../marks/foldMarks";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { gradientSettings, temperatureFault } from "../gradients/gradientSettings";
import { GradientSummariser } from "../gradients/gradientSummariser";
import type { GradientSummary } from "../gradients/gradientSummariser";
import { isLexical } from "../mining/sourceSettings";
import type { SourceSettings } from "../mining/sourceSettings";
import type { Grouping } from "../grouping/grouping";
import { SamplerSummariser } from "../preview/samplerPreview";
import type { SamplerSummary } from "../preview/samplerPreview";
import type { Suggestions } from "../suggestions/pairOpinion";
import type { Cancellation } from "../util/cancellation";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { DenseSearch } from "./denseSearch";
import { KeptCandidates } from "./keptCandidates";
import { heldFast, verdictsAt } from "../mining/miningState";
import type { MinedQuery, MiningState } from "../mining/miningState";
import { MiningStates } from "./miningStates";
import { QueryMining } from "./queryMining";
import { noData, withCollection, withConfig } from "./sessionData";
import type { SessionData } from "./sessionData";
import { nobody } from "./sessionListener";
import type { SessionListener } from "./sessionListener";
import type { SessionPorts } from "./sessionPorts";
import type { SessionStatus } from "./sessionStatus";
import { SettingTrials } from "./settingTrials";
import { VectorWork } from "./vectorWork";
import { WholeFileMining } from "./wholeFileMining";
import type { MineAndKeep, Summariser, WholeFileStep } from "./wholeFileMining";
import { WordSearch } from "./wordSearch";

/**
 * One open data set: the single owner of its collection, configuration, marks and vectors. Everything it answers is computed from the
 * state of that moment, so that a mark or a change of the configuration acts on the next answer. Every change raises the revision.
 */
export class DatasetSession {
  readonly #ports: SessionPorts;
  readonly #keys: TextKeys;
  readonly #listener: SessionListener;
  #data: SessionData = noData();
  #revision = 0;
  readonly #work: VectorWork;
  readonly #words: WordSearch;
  readonly #kept: KeptCandidates;
  readonly #states: MiningStates;
  readonly #queries: QueryMining;
  readonly #wholeFile: WholeFileMining;
  /** Search with adapters that are tried and not in use. */
  readonly trials: AdapterTrials;
  /** The file as other settings are tried on it. */
  readonly settingTrials: SettingTrials;

  constructor(ports: SessionPorts, listener: SessionListener = nobody) {
    this.#ports = ports;
    this.#keys = new TextKeys(ports.sha256);
    this.#listener = listener;
    this.#work = new VectorWork(ports, {
      statusChanged: listener.statusChanged,
      synchronised: async ({ kind }) => {
        if (!this.sources.some(isLexical)) this.#words.drop();
        await this.#kept.carry(this.#states.now(), kind, this.#work.dense.search());
      },
      ready: () => {
        this.#revised();
      },
    });
    const { author, breathe } = ports;
    const data = (): SessionData => this.#data;
    const isReady = (): boolean => this.status.phase === "ready";
    const ready = (collection: Collection): Result<null> => this.#ready(collection);
    const search = (collection: Collection): Result<DenseSearch> => this.#readySearch(collection);
    this.#kept = new KeptCandidates({ collection: () => this.collection, search });
    this.#words = new WordSearch({ isReady, untilSlow: () => this.#work.untilSlow(), breathe });
    const mine: MineAndKeep = async (state, queries, cancellation) =>
      this.#kept.mine(state, queries, { searchWords: await this.#words.of(state), keep: true, cancellation });
    const taught = (): void => this.#revised();
    const regrouped = (): void => {
      this.#kept.table.clear();
      this.#revised();
    };
    this.#states = new MiningStates({ data, author, ready, search, mine, breathe, taught, regrouped });
    this.#queries = new QueryMining({ data, states: this.#states, words: this.#words, kept: this.#kept, isReady, breathe });
    this.#wholeFile = new WholeFileMining({
      table: this.#kept.table,
      isCurrent: (collection) => this.#kept.isOf(collection),
      breathe,
      mine,
      advanced: (done, total) => listener.previewAdvanced?.(done, total),
    });
    this.trials = new AdapterTrials({
      dense: () => this.#work.dense,
      ready,
      collection: () => this.collection,
      state: () => heldFast(this.#states.now()),
      completeGroupings: (cancellation) => this.#states.completeGroupings(cancellation),
      words: (state) => this.#words.of(state),
      breathe,
    });
    this.settingTrials = new SettingTrials({
      state: () => heldFast(this.#states.now()),
      summarise: (start) => this.summarise(this.config, start),
      mine: async (table, state, queries, cancellation) =>
        this.#kept.mine(state, queries, { searchWords: await this.#words.of(state), keep: true, cancellation }, table),
      breathe,
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get collection(): Collection {
    return this.#data.collection;
  }

  get config(): Config {
    return this.#data.config;
  }

  get sources(): readonly SourceSettings[] {
    return this.#data.sources;
  }

  get configHash(): string {
    return configHash(this.config, this.#ports.sha256);
  }

  get marks(): FoldedMarks {
    return this.#data.marks;
  }

  get suggestions(): Suggestions {
    return this.#data.suggestions;
  }

  get status(): SessionStatus {
    return this.#work.status;
  }

  /** What marks have taught so far, or the rule that holds before any; undefined until there are vectors and somebody looked at a query. */
  get falseNegatives(): FalseNegativeModel | undefined {
    return this.#states.falseNegatives.model;
  }

  /** Replaces the data. Vectors of texts that stay are kept; work on the old data is given up. */
  async setData(input: CollectionInput): Promise<void> {
    const collection = await buildCollectionSliced(input, this.#keys, this.#ports.breathe);
    const resume = this.#work.isWanted;
    await this.#work.reset();
    this.#data = withCollection(this.#data, collection);
    this.#revised();
    if (resume) void this.prepare();
  }

  /** Replaces the configuration and re-mines: at once where only the sampler changed, after new vectors where the encoder did. */
  async setConfig(config: Config): Promise<void> {
    const before = this.config;
    this.#data = withConfig(this.#data, config);
    const sameVectors = JSON.stringify([before.model, before.index]) === JSON.stringify([config.model, config.index]);
    if (!sameVectors && this.status.phase !== "idle") {
      await this.#work.reset();
      this.#kept.table.clear();
      this.#states.falseNegatives.drop();
      void this.prepare();
    }
    this.#revised();
  }

  setMarks(marks: FoldedMarks): void {
    this.#data = { ...this.#data, marks };
    this.#revised();
  }

  /** What language models say counts for the false-negative model: it is fitted anew, and every probability made with it goes. */
  setSuggestions(suggestions: Suggestions): void {
    if (suggestions === this.suggestions) return;
    this.#data = { ...this.#data, suggestions };
    this.#revised();
  }

  /** Makes the model ready while the data are still being read; a failure is left to `prepare`, which tries again. */
  loadModelAhead(config: Config): void {
    void this.#work.dense.openModel(config);
  }

  /** Makes all vectors and the index. Called again while it runs, it gives the running work's result. */
  prepare(firstQuery?: number): Promise<Result<null>> {
    const first = firstQuery === undefined ? {} : { firstQuery };
    return this.#work.prepare({ collection: this.collection, config: this.config, ...first });
  }

  /** Stops embedding, and a search for the whole file. What is embedded and found already stays. */
  stop(): Promise<void> {
    this.#wholeFile.stop();
    return this.#work.stop();
  }

  /** The verdicts that hold for a query now. */
  verdicts(query: number): QueryVerdicts {
    return verdictsAt(this.#states.now(), query);
  }

  /** Candidates of one query: dense where the vectors are there, lexical until then. */
  mine(query: number): Promise<Result<MinedQuery>> {
    return this.#queries.one(query);
  }

  /** What is known of a query without any search; undefined where it was not looked at since the last change. */
  peek(query: number): MinedQuery | undefined {
    return this.#kept.peek(this.#states.now(), query);
  }

  /**
   * Mines every query in order, in batches, with the configuration and marks of this moment. The vectors must be ready.
   *
   * @param wantsModel has the false-negative model brought up to date for it also where no guard asks for it
   */
  mineAll(onQuery: (mined: MinedQuery) => void | Promise<void>, cancellation: Cancellation, wantsModel = false): Promise<Result<null>> {
    return this.#queries.all(onQuery, cancellation, wantsModel);
  }

  /** Brings the false-negative model up to date with the data and the marks of this moment. The vectors must be ready. */
  refit(cancellation: Cancellation): Promise<Result<FalseNegativeModel>> {
    return this.#states.refit(cancellation);
  }

  /** What the sampler of another configuration would do to the whole file. Nothing changes. The vectors must be ready. */
  async preview(config: Config): Promise<Result<WholeFileStep<SamplerSummary>>> {
    return await this.summarise(config, ({ sources }) => new SamplerSummariser(config.sampler, sources, this.status.model?.fingerprint));
  }

  /** What the candidates of the whole file do to the gradient, at the configuration's temperature or another one above 0. Nothing changes. */
  async gradients(temperature?: number): Promise<Result<WholeFileStep<GradientSummary>>> {
    const settings = gradientSettings(this.config.training, temperature);
    const fault = temperatureFault(settings.temperature);
    if (fault !== undefined) return err(fault);
    return await this.summarise(this.config, ({ sources }) => new GradientSummariser(settings, sources));
  }

  /**
   * Shows each query of the file, or of an even sample of a very large one, to a summariser, as a configuration would have it mined. What has to be
   * searched for is searched in the background. Nothing changes. The vectors must be ready.
   *
   * @param start makes a summariser; asked again where a mark comes meanwhile
   */
  async summarise<T>(config: Config, start: (state: MiningState) => Summariser<T>): Promise<Result<WholeFileStep<T>>> {
    const state = await this.#states.under(config);
    return state.ok ? await this.#wholeFile.summarise(state.value, () => start(state.value)) : state;
  }

  /** Cosine similarities of documents to one document, in their order. The vectors must be ready. */
  async similaritiesTo(document: number, documents: readonly number[]): Promise<Result<Float32Array>> {
    const dense = this.#readySearch(this.collection);
    return dense.ok ? await dense.value.similaritiesTo(document, documents) : dense;
  }

  /** Topics of the documents as `sampler.same_topic` has them, whether or not a source asks for them. Without a field the vectors must be ready. */
  async topics(cancellation: Cancellation): Promise<Result<Grouping>> {
    const sampler = { ...this.config.sampler, mix: [{ source: "same_topic" as const, n: 1 }] };
    const grouped = await this.#states.completeGroupings(cancellation, { ...this.config, sampler });
    if (!grouped.ok) return grouped;
    const { topic } = this.#data.groupings.now(sampler);
    return topic === undefined ? err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." }) : ok(topic);
  }

  async dispose(): Promise<void> {
    this.#wholeFile.abandon();
    await this.#work.dispose();
  }

  #readySearch(collection: Collection): Result<DenseSearch> {
    const ready = this.#ready(collection);
    return ready.ok ? this.#work.dense.search() : ready;
  }

  #ready(collection: Collection): Result<null> {
    if (this.status.phase !== "ready") {
      return err({ reason: "not-ready", message: "The vectors are not there yet.", nextStep: "Wait for embedding to end." });
    }
    if (collection !== this.collection) {
      return err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." });
    }
    return ok(null);
  }

  #revised(): void {
    this.#revision += 1;
    this.#listener.revised();
  }
}
