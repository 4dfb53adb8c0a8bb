import path from "node:path";
import { AutoTokenizer, env } from "@xenova/transformers";

/** Word ids of one text, special tokens included. */
export type TokenIds = readonly number[];

export interface TokenizerOptions {
  readonly return_tensor: false;
  readonly text_pair?: string;
  /** True unless given. */
  readonly add_special_tokens?: boolean;
  readonly return_token_type_ids?: boolean;
}

/** What is used of a tokenizer of @xenova/transformers. */
export interface Tokenizer {
  (text: string, options: TokenizerOptions): { readonly input_ids: TokenIds; readonly token_type_ids?: TokenIds };
  readonly pad_token_id?: number;
}

/** Texts are tokenised in prefixes, so that one of 20 MB costs no more than its beginning. */
const CHARACTERS_PER_TOKEN = 16;
/** A prefix may end within a word, which changes its last word pieces; these are never among the tokens kept. */
const SPARE_TOKENS = 32;

/** Throws where the folder's tokenizer cannot be read. */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.localModelPath = `${path.dirname(folder)}/`;
  return (await AutoTokenizer.from_pretrained(path.basename(folder))) as Tokenizer;
}

/** All tokens of a text that has at most `limit` of them; of a longer one some more than `limit`, the first `limit` of which are the text's own. */
export function firstTokens(text: string, limit: number, tokensOf: (text: string) => TokenIds): TokenIds {
  for (let length = limit * CHARACTERS_PER_TOKEN; ; length *= 2) {
    const prefix = prefixAtSpace(text, length);
    const ids = tokensOf(prefix);
    if (prefix.length === text.length || ids.length >= limit + SPARE_TOKENS) return ids;
  }
}

function prefixAtSpace(text: string, length: number): string {
  if (text.length <= length) return text;
  const space = text.lastIndexOf(" ", length);
  return text.slice(0, space > length / 2 ? space : length);
}
