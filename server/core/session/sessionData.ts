import type { Collection } from "../collection/collection";
import { mostPositives } from "../collection/mostPositives";
import { defaultConfig } from "../config/config";
import type { Config } from "../config/config";
import { foldMarks } from "../marks/foldMarks";
import type { MiningState } from "../mining/miningState";
import { sourcesOf } from "../mining/sourceSettings";
import { noSuggestions } from "../suggestions/pairOpinion";
import { GroupingStore } from "./groupingStore";

/** What a session was given, and what follows from that alone: the sources of its configuration for its collection, and the groups of its collection. */
export interface SessionData extends Pick<MiningState, "collection" | "config" | "sources" | "marks" | "suggestions"> {
  readonly groupings: GroupingStore;
}

/** Before anything was given. */
export function noData(): SessionData {
  const collection: Collection = {
    files: [],
    queries: [],
    documents: [],
    groups: [],
    groupKeys: [],
    groupOfKey: new Map(),
    unresolved: [],
  };
  return {
    collection,
    config: defaultConfig,
    sources: sourcesOf(defaultConfig.sampler, 0),
    groupings: new GroupingStore(collection),
    marks: foldMarks([]),
    suggestions: noSuggestions,
  };
}

export function withCollection(data: SessionData, collection: Collection): SessionData {
  const sources = sourcesOf(data.config.sampler, mostPositives(collection));
  return { ...data, collection, sources, groupings: new GroupingStore(collection) };
}

export function withConfig(data: SessionData, config: Config): SessionData {
  return { ...data, config, sources: sourcesOf(config.sampler, mostPositives(data.collection)) };
}
