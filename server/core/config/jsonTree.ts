import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** The tree of a JSON text with comments and trailing commas, or the first thing wrong with it. The other errors mostly follow from the first. */
export type JsonTree = { readonly tree: Node } | { readonly offset: number; readonly length: number; readonly message: string };

/** Never throws. */
export function jsonTree(text: string, called: string): JsonTree {
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser calls itself for each level, so that thousands of brackets exhaust the stack.
    if (error instanceof RangeError) {
      return { offset: 0, length: 0, message: `${called} is nested too deeply to be read.` };
    }
    throw error;
  }
  const [first] = errors;
  if (first !== undefined) {
    return { offset: first.offset, length: first.length, message: `Not valid JSON: ${errorInWords(printParseErrorCode(first.error))}.` };
  }
  return tree === undefined ? { offset: 0, length: 0, message: `${called} is empty.` } : { tree };
}

/** "CommaExpected" is "comma expected". */
function errorInWords(code: string): string {
  return code.replace(/\B[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}
