import type { Collection } from "../collection/collection";
import type { SamplerConfig } from "../config/samplerSchema";
import { clusterTopics, topicCount } from "../grouping/clusterTopics";
import { articleGrouping, fieldTopics } from "../grouping/fieldGrouping";
import type { Grouping } from "../grouping/grouping";
import type { Groupings } from "../mining/filters/rule";
import type { WorkOptions } from "../ports";
import { ok } from "../util/result";
import type { Result } from "../util/result";

/** Topic of each document by k-means over the vectors. */
export type FindTopics = (count: number, seed: number, options: WorkOptions) => Promise<Result<Int32Array>>;

/** Passages that belong together, for the sources of the present configuration that ask for it. Each grouping is made once. */
export class GroupingStore {
  readonly #collection: Collection;
  readonly #made = new Map<string, Grouping>();
  #topics: { readonly key: string; readonly done: Promise<Result<Grouping>> } | undefined;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  /** What is known without a search: topics that k-means has still to find are not in it. */
  now(sampler: SamplerConfig): Groupings {
    const article = uses(sampler, "same_article") ? this.#article(sampler) : undefined;
    const topic = uses(sampler, "same_topic") ? this.#topic(sampler) : undefined;
    return { ...(article === undefined ? {} : { article }), ...(topic === undefined ? {} : { topic }) };
  }

  /** Whether `complete` would have to look for topics. */
  isMissing(sampler: SamplerConfig): boolean {
    return uses(sampler, "same_topic") && sampler.same_topic.field === null && !this.#made.has(topicKey(sampler));
  }

  /** Looks for topics where they are needed and not known. Called again meanwhile, it gives the running work's result. */
  async complete(sampler: SamplerConfig, findTopics: FindTopics, options: WorkOptions): Promise<Result<Groupings>> {
    if (!this.isMissing(sampler)) return ok(this.now(sampler));
    const key = topicKey(sampler);
    if (this.#topics?.key !== key) this.#topics = { key, done: this.#cluster(sampler, findTopics, options) };
    const found = await this.#topics.done;
    if (!found.ok) {
      this.#topics = undefined;
      return found;
    }
    this.#made.set(key, found.value);
    return ok(this.now(sampler));
  }

  async #cluster(sampler: SamplerConfig, findTopics: FindTopics, options: WorkOptions): Promise<Result<Grouping>> {
    const minable = this.#collection.documents.filter(({ minable: isMinable }) => isMinable).length;
    const count = sampler.same_topic.topics ?? topicCount(minable);
    const found = await findTopics(count, sampler.seed, options);
    return found.ok ? ok(clusterTopics(this.#collection, found.value, topicsIn(found.value))) : found;
  }

  #article({ same_article }: SamplerConfig): Grouping | undefined {
    if (same_article.field === null) return undefined;
    return this.#make(`article ${JSON.stringify(same_article)}`, () => articleGrouping(this.#collection, same_article));
  }

  #topic(sampler: SamplerConfig): Grouping | undefined {
    const { field } = sampler.same_topic;
    if (field === null) return this.#made.get(topicKey(sampler));
    return this.#make(`topic ${field}`, () => fieldTopics(this.#collection, field));
  }

  #make(key: string, make: () => Grouping): Grouping {
    const known = this.#made.get(key) ?? make();
    this.#made.set(key, known);
    return known;
  }
}

function uses({ sampling_strategy, mix }: SamplerConfig, source: "same_article" | "same_topic"): boolean {
  return mix === null ? sampling_strategy === source : mix.some((entry) => entry.source === source);
}

function topicKey({ same_topic, seed }: SamplerConfig): string {
  return `topics ${String(same_topic.topics)} ${String(seed)}`;
}

function topicsIn(topicOfDocument: Int32Array): number {
  return topicOfDocument.reduce((most, topic) => Math.max(most, topic + 1), 0);
}
