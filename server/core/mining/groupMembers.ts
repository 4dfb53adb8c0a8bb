import type { Query } from "../collection/collection";
import type { Grouping } from "../grouping/grouping";
import { seededRandom, shuffledRange } from "../util/random";
import type { SourceSettings } from "./sourceSettings";

/** Members of one group that are looked at: more would have to be scored for every query. */
const mostMembers = 1000;

export interface GroupQuestion {
  /** Undefined where nothing names the groups. */
  readonly grouping: Grouping | undefined;
  /** Documents in force as positives. */
  readonly positives: readonly number[];
  readonly settings: SourceSettings;
  readonly query: Query;
  readonly seed: number;
}

export interface GroupMembers {
  readonly documents: readonly number[];
  /** Why there are fewer than one expects. */
  readonly note?: string;
}

/** Documents that share a group with a positive, the positives left out, ascending. Of a very large group an even sample. */
export function membersOfGroups({ grouping, positives, settings, query, seed }: GroupQuestion): GroupMembers {
  const kind = settings.source === "same_topic" ? "topic" : "article";
  if (grouping === undefined) {
    const next = kind === "topic" ? "topics are found once there are vectors" : "set sampler.same_article.field";
    return { documents: [], note: `nothing says which passages are of one ${kind}; ${next}` };
  }
  const groups = [...new Set(positives.map((document) => grouping.groupOf[document] ?? -1))].filter((group) => group !== -1);
  if (groups.length === 0) {
    return { documents: [], note: `no positive of the query belongs to ${kind === "topic" ? "a topic" : "an article"}` };
  }
  const own = new Set(positives);
  const members = groups.flatMap((group) => [...(grouping.members[group] ?? [])]).filter((document) => !own.has(document));
  if (members.length <= mostMembers) {
    const documents = members.sort((a, b) => a - b);
    return members.length >= settings.n ? { documents } : { documents, note: few(members.length, kind) };
  }
  const random = seededRandom(`${String(seed)}:${query.key}:${settings.source}`);
  const picked: number[] = [];
  for (const index of shuffledRange(members.length, random)) {
    if (picked.length === mostMembers) break;
    picked.push(members[index] ?? -1);
  }
  return {
    documents: picked.sort((a, b) => a - b),
    note: `the ${kind} has ${String(members.length)} other passages, of which ${String(mostMembers)} are looked at`,
  };
}

function few(members: number, kind: string): string {
  return `the positive's ${kind} has too few other passages (${String(members)})`;
}
