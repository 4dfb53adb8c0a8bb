import { firstTokens, type TokenIds, type Tokenizer } from "./tokenizer";

/** A query and a document as a cross-encoder reads them. */
export interface PairTokens {
  readonly ids: TokenIds;
  /** 0 for tokens of the query, 1 for those of the document, as the tokenizer has it. */
  readonly types: TokenIds;
}

/** What the tokenizer puts before, between and after two texts, and the type it gives to each text's tokens. */
interface Frame {
  readonly before: PairTokens;
  readonly queryType: number;
  readonly between: PairTokens;
  readonly documentType: number;
  readonly after: PairTokens;
}

/** Makes a cross-encoder's input: what the tokenizer gives for the pair, cut to the length that the model reads. */
export class PairTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #frame: Frame;
  /** Tokens of both texts together. */
  readonly #room: number;

  /** `maxTokens` counts special tokens too. Throws where nothing but them has room. */
  constructor(tokenizer: Tokenizer, maxTokens: number) {
    this.#tokenizer = tokenizer;
    this.#frame = frameOf(tokenizer);
    const { before, between, after } = this.#frame;
    this.#room = maxTokens - before.ids.length - between.ids.length - after.ids.length;
    if (this.#room < 2) throw new Error(`its maximum of ${String(maxTokens)} tokens has no room for two texts`);
  }

  /** Tokens of one text without special ones, no more than a pair may have. */
  tokensOf(text: string): TokenIds {
    const ids = firstTokens(text, this.#room, (prefix) => plainTokens(this.#tokenizer, prefix));
    return ids.slice(0, this.#room);
  }

  /** Both from `tokensOf`. */
  pair(query: TokenIds, document: TokenIds): PairTokens {
    const { before, queryType, between, documentType, after } = this.#frame;
    const lengths = longestFirst(query.length, document.length, this.#room);
    const texts = { query: query.slice(0, lengths.query), document: document.slice(0, lengths.document) };
    return {
      ids: [...before.ids, ...texts.query, ...between.ids, ...texts.document, ...after.ids],
      types: [
        ...before.types,
        ...texts.query.map(() => queryType),
        ...between.types,
        ...texts.document.map(() => documentType),
        ...after.types,
      ],
    };
  }
}

/**
 * How much of each text stays where both together have no room: the longer one is cut until they are equally long, then both are. This is
 * "longest_first" of the tokenizers library, with which sentence-transformers' CrossEncoder cuts; a query of less than half the room stays whole.
 */
export function longestFirst(query: number, document: number, room: number): { readonly query: number; readonly document: number } {
  if (query + document <= room) return { query, document };
  const half = Math.floor(room / 2);
  const shorter = Math.min(query, document, half);
  return query > document ? { query: room - shorter, document: shorter } : { query: shorter, document: room - shorter };
}

/** Read off pairs with one or two empty texts: these differ from the frame alone by the other text's tokens. */
function frameOf(tokenizer: Tokenizer): Frame {
  const empty = pairOf(tokenizer, "", "");
  const withQuery = pairOf(tokenizer, "a", "");
  const withDocument = pairOf(tokenizer, "", "a");
  const before = sharedStart(empty.ids, withQuery.ids);
  const between = sharedStart(empty.ids, withDocument.ids);
  return {
    before: slice(empty, 0, before),
    queryType: withQuery.types[before] ?? 0,
    between: slice(empty, before, between),
    documentType: withDocument.types[between] ?? 0,
    after: slice(empty, between, empty.ids.length),
  };
}

function pairOf(tokenizer: Tokenizer, query: string, document: string): PairTokens {
  const { input_ids: ids, token_type_ids: types } = tokenizer(query, {
    text_pair: document,
    return_tensor: false,
    return_token_type_ids: true,
  });
  return { ids, types: types ?? ids.map(() => 0) };
}

function plainTokens(tokenizer: Tokenizer, text: string): TokenIds {
  return tokenizer(text, { add_special_tokens: false, return_tensor: false }).input_ids;
}

function sharedStart(a: TokenIds, b: TokenIds): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function slice({ ids, types }: PairTokens, start: number, end: number): PairTokens {
  return { ids: ids.slice(start, end), types: types.slice(start, end) };
}
