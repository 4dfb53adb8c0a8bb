import type { Collection } from "../collection/collection";
import { tokenize } from "../lexical/tokenize";
import { itemAt } from "../util/itemAt";
import type { Grouping } from "./grouping";
import { membersOf } from "./members";

/** Documents of a topic that are read to name it, evenly spaced over its members. */
const DOCUMENTS_READ = 32;
const WORDS_IN_NAME = 3;
const LETTER = /\p{L}/u;

/** Number of topics that k-means looks for: the square root of half the number of documents, rounded, from 2 to 256. */
export function topicCount(documents: number): number {
  return Math.min(256, Math.max(2, Math.round(Math.sqrt(documents / 2))));
}

/**
 * Topics that were found by clustering, named by their three most telling words. A word tells p ln(p / q), its part in the divergence
 * of the topic from all topics (Kullback and Leibler 1951), where p and q are the shares of documents with the word: among up to 32 of the
 * topic, evenly spaced, and among those of all topics together. Words without a letter are left out; equal ones rank by UTF-16 units.
 *
 * @param topicOfDocument topic of each document of the collection, from 0; -1 for one that has none
 */
export function clusterTopics(collection: Collection, topicOfDocument: Int32Array, topics: number): Grouping {
  const members = membersOf(collection.documents, topicOfDocument, topics);
  return { groupOf: topicOfDocument, members, names: topicNames(collection, members) };
}

function topicNames(collection: Collection, members: readonly Int32Array[]): readonly string[] {
  const readings = members.map((list) => readTopic(collection, list));
  const inAll = new Map<string, number>();
  for (const { withWord } of readings) {
    for (const [word, documents] of withWord) {
      inAll.set(word, (inAll.get(word) ?? 0) + documents);
    }
  }
  const read = readings.reduce((sum, { documents }) => sum + documents, 0);
  return readings.map((topic) => {
    const told = [...topic.withWord].map(([word, documents]) => {
      const share = documents / topic.documents;
      return { word, tells: share * Math.log((share * read) / (inAll.get(word) ?? 1)) };
    });
    told.sort((a, b) => b.tells - a.tells || (a.word < b.word ? -1 : 1));
    return told
      .slice(0, WORDS_IN_NAME)
      .map(({ word }) => word)
      .join(", ");
  });
}

interface TopicReading {
  readonly documents: number;
  /** For each word, how many of the documents have it. */
  readonly withWord: ReadonlyMap<string, number>;
}

function readTopic(collection: Collection, members: Int32Array): TopicReading {
  const documents = Math.min(members.length, DOCUMENTS_READ);
  const withWord = new Map<string, number>();
  for (let at = 0; at < documents; at += 1) {
    const { text } = itemAt(collection.documents, members[Math.floor((at * members.length) / documents)] ?? -1);
    for (const word of new Set(tokenize(text))) {
      if (LETTER.test(word)) withWord.set(word, (withWord.get(word) ?? 0) + 1);
    }
  }
  return { documents, withWord };
}
