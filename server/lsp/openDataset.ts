import type { Collection } from "#core/collection/collection";
import { queriesWithKey } from "#core/collection/lookups";
import { countUses, queriesByLine } from "#core/collection/usage";
import { textKey } from "#core/collection/textKey";
import type { ExcludedByLine } from "#core/diagnostics/checkMarks";
import type { Verdict } from "#core/marks/mark";
import { gradientSettings } from "#core/gradients/gradientSettings";
import type { Curation } from "#core/curation/curation";
import type { Labelling } from "#core/labelling/labelling";
import type { Learning } from "#core/learning/learning";
import { roundQueryName } from "#core/rounds/roundSnapshot";
import type { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { MarkJournal } from "#core/session/markJournal";
import type { SuggestionJournal } from "#core/session/suggestionJournal";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import type { QueryView, ReviewCounts } from "#protocol/review";
import { openParts } from "./datasetParts";
import type { DatasetListener, DatasetParts } from "./datasetParts";
import type { OpenRows, ServerHost } from "./serverHost";
import { queryView } from "./views/queryView";

/** What is derived from one state of the collection, computed when first asked for. */
interface Derived {
  readonly collection: Collection;
  readonly uses: Int32Array;
  readonly byLine: ReadonlyMap<number, number>;
}

export interface OpenOptions {
  readonly listener: (dataset: OpenDataset) => DatasetListener;
  /** Whether vectors will be wanted as soon as the data are there. */
  readonly forReview: boolean;
}

/** A data set under review: its session, its marks, and the files they come from. */
export class OpenDataset {
  readonly uri: string;
  readonly session: DatasetSession;
  readonly journal: MarkJournal;
  readonly suggestions: SuggestionJournal;
  readonly learning: Learning;
  readonly curation: Curation;
  readonly labelling: Labelling;
  readonly #host: ServerHost;
  readonly #openRows: OpenRows;
  #loaded: LoadedDataset;
  #loadFailure: Failure | undefined;
  #derived: Derived | undefined;
  /** What is new with the adapter in use; read once for each. */
  #news: { readonly adapter: string; readonly found: Promise<ReadonlyMap<string, ReadonlySet<string>>> } | undefined;
  /** Counted once for each revision: views, lenses and the status all show them. */
  #counts: (ReviewCounts & { readonly revision: number }) | undefined;

  private constructor(parts: DatasetParts, host: ServerHost, openRows: OpenRows) {
    this.uri = host.toUri(parts.loaded.path);
    this.session = parts.session;
    this.journal = parts.journal;
    this.suggestions = parts.suggestions;
    this.learning = parts.learning;
    this.curation = parts.curation;
    this.labelling = parts.labelling;
    this.#host = host;
    this.#openRows = openRows;
    this.#loaded = parts.loaded;
  }

  static async open(
    path: string,
    host: ServerHost,
    openRows: OpenRows,
    { listener, forReview }: OpenOptions,
  ): Promise<Result<OpenDataset>> {
    const parts = await openParts(path, host, openRows);
    if (!parts.ok) return parts;
    const dataset = new OpenDataset(parts.value, host, openRows);
    if (forReview) dataset.session.loadModelAhead(parts.value.loaded.config);
    await dataset.#takeOver();
    parts.value.listen(listener(dataset));
    return ok(dataset);
  }

  /** Why the files could not be read when they last changed. */
  get loadFailure(): Failure | undefined {
    return this.#loadFailure;
  }

  get loaded(): LoadedDataset {
    return this.#loaded;
  }

  /** How marks name the file with the queries: relative to the project's folder. */
  get fileInMarks(): string {
    return this.#loaded.queryFile.slice(this.#loaded.homeBase.length + 1);
  }

  /** Whether a change of this file concerns the data set. */
  readsFrom(path: string): boolean {
    return this.#loaded.files.some((file) => file.path === path) || this.#loaded.qrels?.path === path || this.#loaded.configFile === path;
  }

  /** Reads everything again. A data set that cannot be read keeps its last good state. */
  async reload(): Promise<Result<null>> {
    const loaded = await this.#host.load({ path: this.#loaded.path, openRows: this.#openRows, fallback: this.session.config });
    this.#loadFailure = loaded.ok ? undefined : loaded.failure;
    if (!loaded.ok) return loaded;
    const sameData =
      loaded.value.input.files.every((file, i) => file.rows === this.#loaded.input.files[i]?.rows) &&
      loaded.value.qrels?.sha256 === this.#loaded.qrels?.sha256;
    this.#loaded = loaded.value;
    await this.#takeOver(!sameData);
    return ok(null);
  }

  async reloadMarks(): Promise<Result<null>> {
    const reloaded = await this.journal.reload();
    if (!reloaded.ok) return reloaded;
    if (reloaded.value) this.session.setMarks(this.journal.folded);
    return ok(null);
  }

  async reloadSuggestions(): Promise<Result<null>> {
    const reloaded = await this.suggestions.reload();
    if (!reloaded.ok) return reloaded;
    if (reloaded.value) this.session.setSuggestions(this.suggestions.folded);
    return ok(null);
  }

  queryAtLine(line: number): number | undefined {
    return this.#now().byLine.get(line);
  }

  /** The query with this key; the one at `near` where several have it, since they have the same text. */
  queryWithKey(key: string, near?: number): number | undefined {
    const found = queriesWithKey(this.session.collection, key);
    return near !== undefined && found.includes(near) ? near : found[0];
  }

  usesOfGroup(group: number): number {
    return this.#now().uses[group] ?? 0;
  }

  /** The group of documents with this text. */
  groupOfText(text: string): number | undefined {
    return this.session.collection.groupOfKey.get(textKey(text, this.#host.sha256));
  }

  /** Queries that have the text as a positive or listed negative, in the order of the file. */
  queriesUsing(group: number): readonly { readonly query: number; readonly as: "positive" | "negative"; readonly line: number }[] {
    const { queries, groups } = this.session.collection;
    const members = new Set(groups[group]);
    return queries.flatMap((query, index) => {
      const as = query.positives.some((document) => members.has(document))
        ? "positive"
        : query.negatives.some((document) => members.has(document))
          ? "negative"
          : undefined;
      return as === undefined ? [] : [{ query: index, as, line: query.lines[0] ?? 1 }];
    });
  }

  /** For each 1-based line of the query file, the texts that marks keep out of the query's negatives. */
  excludedByLine(): ExcludedByLine {
    const { queries, groupKeys } = this.session.collection;
    const lines = new Map<number, ReadonlyMap<string, Verdict>>();
    for (const key of this.journal.folded.markedQueries()) {
      const index = this.queryWithKey(key);
      const query = index === undefined ? undefined : queries[index];
      if (index === undefined || query === undefined) continue;
      const { excluded } = this.session.verdicts(index);
      const verdicts = new Map([...excluded].map(([group, { verdict }]) => [groupKeys[group] ?? "", verdict]));
      for (const line of query.lines) lines.set(line, verdicts);
    }
    return lines;
  }

  async view(index: number): Promise<Result<QueryView>> {
    const total = this.session.collection.queries.length;
    if (total === 0) {
      return err({
        reason: "not-ready",
        message: "There is no query in this data set.",
        nextStep: "Open a training set with queries, or correct the lines with problems.",
        place: { file: this.#loaded.queryFile },
      });
    }
    const mined = await this.session.mine(Math.max(0, Math.min(index, total - 1)));
    if (!mined.ok) return mined;
    const { folded, author } = this.journal;
    const news = await this.newNegatives(index);
    return ok(
      queryView(mined.value, {
        dataset: this.uri,
        revision: this.session.revision,
        collection: this.session.collection,
        gradients: gradientSettings(this.session.config.training),
        counts: this.counts(),
        suggestions: this.session.suggestions,
        curation: this.session.config.curation,
        canUndo: folded.nextUndo(author).length > 0,
        canRedo: folded.nextRedo(author).length > 0,
        isNew: (group) => news.has(this.session.collection.groupKeys[group] ?? "") && !mined.value.verdicts.marksOfGroup.has(group),
        usesOf: (document) => this.usesOfGroup(this.session.collection.documents[document]?.group ?? -1),
      }),
    );
  }

  /** Text keys of what the adapter in use emits for a query and the frozen encoder did not, as its training run found at its end. */
  async newNegatives(index: number): Promise<ReadonlySet<string>> {
    const query = this.session.collection.queries[index];
    const found = await this.#newSinceAdapter();
    return (query === undefined ? undefined : found.get(roundQueryName(query))) ?? new Set();
  }

  /** Emitted negatives that are new in this sense and that nobody has judged. */
  async countNew(): Promise<number> {
    const { collection } = this.session;
    const found = await this.#newSinceAdapter();
    let count = 0;
    for (const [index, query] of found.size === 0 ? [] : collection.queries.entries()) {
      const { marksOfGroup } = this.session.verdicts(index);
      for (const key of found.get(roundQueryName(query)) ?? []) count += Number(!marksOfGroup.has(collection.groupOfKey.get(key) ?? -1));
    }
    return count;
  }

  counts(): ReviewCounts {
    const { revision } = this.session;
    if (this.#counts?.revision !== revision) this.#counts = { revision, ...this.#count() };
    const { revision: _, ...counts } = this.#counts;
    return counts;
  }

  async dispose(): Promise<void> {
    await this.labelling.dispose();
    await this.learning.dispose();
    await this.session.dispose();
  }

  async #newSinceAdapter(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const { adapter } = this.session.config.model;
    if (adapter === null) return new Map();
    if (this.#news?.adapter !== adapter) this.#news = { adapter, found: this.learning.newSince(adapter) };
    return await this.#news.found;
  }

  #count(): ReviewCounts {
    const present = this.journal.folded.inForce().filter((mark) => this.queryWithKey(mark.query.key) !== undefined);
    return {
      queries: this.session.collection.queries.length,
      queriesReviewed: new Set(present.map((mark) => mark.query.key)).size,
      marks: present.length,
      falseNegatives: present.filter((mark) => mark.verdict === ("false_negative" satisfies Verdict)).length,
    };
  }

  async #takeOver(dataChanged = true): Promise<void> {
    if (dataChanged) await this.session.setData(this.#loaded.input);
    await this.session.setConfig(this.#loaded.config);
    this.session.setMarks(this.journal.folded);
    this.session.setSuggestions(this.suggestions.folded);
  }

  #now(): Derived {
    const { collection } = this.session;
    if (this.#derived?.collection === collection) return this.#derived;
    const file = collection.files.indexOf(this.#loaded.queryFile);
    this.#derived = {
      collection,
      uses: countUses(collection),
      byLine: queriesByLine(collection, file),
    };
    return this.#derived;
  }
}
