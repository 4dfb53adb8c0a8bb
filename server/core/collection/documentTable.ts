import type { RecordPassage } from "../formats/format";
import type { Document } from "./collection";
import { idFromKey } from "./textKey";
import type { TextKeys } from "./textKeys";

/** Where a passage was met. */
export interface Origin {
  readonly file: number;
  readonly line: number;
  readonly fromCorpus: boolean;
}

/**
 * Gives every passage its document while a collection is built. A passage with an id is the document of that id and text; one without is
 * the document with exactly its text, or the corpus document with the same normalised text. Documents with equal normalised text share a
 * group, and one id with two texts makes two documents, so that no text is lost.
 */
export class DocumentTable {
  readonly documents: Document[] = [];
  readonly groups: number[][] = [];
  readonly groupKeys: string[] = [];
  readonly groupOfKey = new Map<string, number>();
  readonly #groupOfText = new Map<string, number>();
  readonly #firstOfId = new Map<string, number>();
  /** How many of the first documents come from corpus files, which are all read before the rest. */
  #corpusEnd = 0;
  readonly #keys: TextKeys;

  constructor(keys: TextKeys) {
    this.#keys = keys;
  }

  /** The document of a passage, made if it is new; -1 for a passage with neither text nor a known id, of which nothing can be said. */
  place(passage: RecordPassage, origin: Origin): number {
    const normalised = this.#keys.normalised(passage.text);
    if (normalised === "" && !origin.fromCorpus) {
      return passage.id === undefined ? -1 : (this.#firstOfId.get(passage.id) ?? -1);
    }
    const group = this.#groupOfText.get(normalised);
    const known = group === undefined ? undefined : this.#find(passage, group);
    return known ?? this.#add(passage, origin, group ?? this.#addGroup(normalised));
  }

  /** First document with an id that the data gives. */
  withId(id: string): number | undefined {
    return this.#firstOfId.get(id);
  }

  /** Group of the documents that have this text; -1 where there are none. */
  groupOf(text: string): number {
    return this.#groupOfText.get(this.#keys.normalised(text)) ?? -1;
  }

  #find(passage: RecordPassage, group: number): number | undefined {
    const members = this.groups[group] ?? [];
    if (passage.id !== undefined) {
      return members.find((document) => this.documents[document]?.id === passage.id);
    }
    return (
      members.find((document) => this.documents[document]?.text === passage.text) ?? members.find((document) => document < this.#corpusEnd)
    );
  }

  #addGroup(normalised: string): number {
    const group = this.groupKeys.length;
    const key = this.#keys.keyOf(normalised);
    this.groupKeys.push(key);
    this.groupOfKey.set(key, group);
    this.#groupOfText.set(normalised, group);
    return group;
  }

  #add(passage: RecordPassage, origin: Origin, group: number): number {
    const index = this.documents.length;
    const { text, title, fields } = passage;
    const id = passage.id ?? idFromKey(this.groupKeys[group] ?? "");
    // In one literal: for a spread to which more is added V8 takes some 300 bytes.
    this.documents.push({
      id,
      text,
      group,
      file: origin.file,
      line: origin.line,
      minable: text.trim() !== "",
      ...(title === undefined ? {} : { title }),
      ...(fields === undefined ? {} : { fields }),
    });
    const members = this.groups[group];
    if (members === undefined) {
      // Made with its first member, since an array that is pushed to when empty takes room for sixteen more.
      this.groups.push([index]);
    } else {
      members.push(index);
    }
    if (origin.fromCorpus) {
      this.#corpusEnd = index + 1;
    }
    if (passage.id !== undefined && !this.#firstOfId.has(passage.id)) {
      this.#firstOfId.set(passage.id, index);
    }
    return index;
  }
}
