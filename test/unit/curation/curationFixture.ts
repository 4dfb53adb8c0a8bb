import type { CollectionInput } from "#core/collection/buildCollection";
import type { CurationConfig } from "#core/config/curationSchema";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { Card, CardAnswer } from "#core/curation/card";
import { Curation } from "#core/curation/curation";
import type { CardWish } from "#core/curation/curation";
import type { Verdict } from "#core/marks/mark";
import { DatasetSession } from "#core/session/datasetSession";
import { MarkJournal } from "#core/session/markJournal";
import type { MarkDraft } from "#core/session/markJournal";
import type { Result } from "#core/util/result";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryMarks } from "../../support/inMemoryMarks";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { dataOf, range, vectorOf } from "../learning/learningFixture";

export interface CurationOptions {
  readonly author?: string;
  readonly home?: InMemoryHomeFiles;
  readonly marks?: Map<string, string>;
  readonly input?: CollectionInput;
  readonly curation?: Partial<CurationConfig>;
  readonly sampler?: Partial<SamplerConfig>;
  readonly embed?: (text: string) => readonly number[];
  readonly clock?: () => string;
  readonly breathe?: () => Promise<void>;
  /** By default true. */
  readonly withVectors?: boolean;
}

export function configOf({ curation = {}, sampler = {} }: Pick<CurationOptions, "curation" | "sampler"> = {}): Config {
  return {
    ...defaultConfig,
    sampler: { ...defaultConfig.sampler, num_negatives: 3, range_max: 30, relative_margin: null, ...sampler },
    curation: { ...defaultConfig.curation, ...curation },
  };
}

let salts = 0;

/** One person's window on a data set whose vectors are there. */
export async function curationFixture(options: CurationOptions = {}) {
  const { author = "ann", home = new InMemoryHomeFiles(), marks = new Map<string, string>(), input = dataOf(range(0, 40)) } = options;
  const told = { changes: 0, logged: [] as string[] };
  const held: { curation?: Curation } = {};
  const session = new DatasetSession(
    {
      author,
      sha256,
      stopwatch: () => 0,
      logger: () => undefined,
      breathe: options.breathe ?? (() => Promise.resolve()),
      createVectors: (textOf) => new InMemoryVectorSpace(textOf, options.embed ?? vectorOf),
      home,
    },
    {
      revised: () => held.curation?.sessionRevised(),
      statusChanged: () => undefined,
      previewAdvanced: (done, total) => held.curation?.searchAdvanced(done, total),
    },
  );
  await session.setConfig(configOf(options));
  await session.setData(input);
  let names = 0;
  const opened = await MarkJournal.open({
    log: new InMemoryMarks(author, marks),
    author,
    clock: options.clock ?? (() => "2026-01-02T03:04:05.000Z"),
    newId: () => `${author} ${String((names += 1))} of ${String(marks.get(author)?.length ?? 0)}`,
    tool: "nearmiss test",
  });
  const journal = value(opened);
  session.setMarks(journal.folded);
  const curation = new Curation({
    session,
    home,
    author,
    sha256,
    clock: () => "2026-01-02T03:04:05.000Z",
    newSalt: () => sha256(`salt ${String((salts += 1))}`).slice(0, 32),
    logger: (_, message) => told.logged.push(message),
    tool: "nearmiss test",
    dataset: "train.jsonl",
    changed: () => (told.changes += 1),
    advanced: () => undefined,
  });
  held.curation = curation;
  if (options.withVectors !== false) value(await session.prepare());
  return new Curator({ session, journal, curation, home, marks, told });
}

interface CuratorParts {
  readonly session: DatasetSession;
  readonly journal: MarkJournal;
  readonly curation: Curation;
  readonly home: InMemoryHomeFiles;
  readonly marks: Map<string, string>;
  readonly told: { readonly changes: number; readonly logged: readonly string[] };
}

/** A person who judges card after card. */
export class Curator {
  readonly session: DatasetSession;
  readonly journal: MarkJournal;
  readonly curation: Curation;
  readonly home: InMemoryHomeFiles;
  readonly marks: Map<string, string>;
  readonly told: CuratorParts["told"];

  constructor(parts: CuratorParts) {
    this.session = parts.session;
    this.journal = parts.journal;
    this.curation = parts.curation;
    this.home = parts.home;
    this.marks = parts.marks;
    this.told = parts.told;
  }

  /** The next answer once the candidates of the whole file are there. */
  async answer(wish: CardWish = {}): Promise<CardAnswer> {
    for (;;) {
      const answer = value(await this.curation.nextCard(wish));
      if (answer.kind !== "mining") return answer;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async card(wish: CardWish = {}): Promise<Card> {
    const answer = await this.answer(wish);
    if (answer.kind !== "card") throw new Error(JSON.stringify(answer));
    return answer.card;
  }

  async judge(card: Pick<Card, "query" | "document" | "lane" | "salt">, verdict: Verdict): Promise<void> {
    const { query, document, lane, salt } = card;
    const draft: MarkDraft = {
      verdict,
      query: { key: query },
      document: { key: document },
      lane,
      ...(salt === undefined ? {} : { salt }),
      blind: false,
      suggestion_shown: false,
    };
    value(await this.journal.add(draft));
    this.session.setMarks(this.journal.folded);
  }

  async undo(): Promise<void> {
    value(await this.journal.undo());
    this.session.setMarks(this.journal.folded);
  }

  /** Takes the next cards of a lane, or of the rhythm, and gives each the same verdict. */
  async judgeNext(cards: number, verdict: Verdict, wish: CardWish = {}): Promise<readonly Card[]> {
    const judged: Card[] = [];
    for (let i = 0; i < cards; i += 1) {
      const card = await this.card(wish);
      judged.push(card);
      await this.judge(card, verdict);
    }
    return judged;
  }

  async standing() {
    return value(await this.curation.standing());
  }

  /** Reads what other persons wrote. */
  async reload(): Promise<void> {
    value(await this.journal.reload());
    this.session.setMarks(this.journal.folded);
    this.curation.auditsChanged();
  }
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
