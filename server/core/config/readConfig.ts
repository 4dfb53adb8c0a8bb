import { findNodeAtLocation, type Node, type ParseError, parseTree, getNodeValue, printParseErrorCode } from "jsonc-parser";
import * as v from "valibot";
import { type Config, configSchema } from "./config";
import { namesAt, nearestName } from "./settings";

/** Something wrong with the configuration, with its place in the text. */
export interface ConfigProblem {
  /** One sentence that names the setting and its value. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
}

/** The configuration, or everything that is wrong with it: a text with problems is not in force in any part. */
export interface ConfigReading {
  readonly config?: Config;
  readonly problems: readonly ConfigProblem[];
}

/** Reads a configuration. Comments and trailing commas are allowed. Never throws. */
export function readConfig(text: string): ConfigReading {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const place = (offset: number, length: number, message: string): ConfigProblem => ({
    message,
    ...position(text, offset),
    offset,
    length,
  });
  if (tree === undefined || errors.length > 0) {
    return { problems: syntaxProblems(text, errors, place) };
  }
  const misshapen = flawsOfShape(tree).map(({ node, message }) => place(node.offset, node.length, message));
  const parsed = v.safeParse(configSchema, getNodeValue(tree));
  if (parsed.success && misshapen.length === 0) {
    return { config: parsed.output, problems: [] };
  }
  const wrong = (parsed.issues ?? []).map((issue) => {
    const node = nodeOf(issue, tree);
    return place(node.offset, node.length, issueInWords(issue));
  });
  return { problems: [...misshapen, ...wrong].sort((a, b) => a.offset - b.offset) };
}

type Issue = v.InferIssue<typeof configSchema>;

function syntaxProblems(
  text: string,
  errors: readonly ParseError[],
  place: (offset: number, length: number, message: string) => ConfigProblem,
): readonly ConfigProblem[] {
  if (text.trim() === "") {
    return [place(0, 0, "The configuration is empty; {} is the smallest one.")];
  }
  const [first] = errors;
  // The errors after the first one mostly follow from it.
  return first === undefined
    ? []
    : [place(first.offset, first.length, `Not valid JSON: ${syntaxInWords(printParseErrorCode(first.error))}.`)];
}

/** "CommaExpected" is "comma expected". */
function syntaxInWords(code: string): string {
  return code.replace(/\B[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}

/** A problem of a parsed value in words; used for values from the command line as well. */
export function issueInWords(issue: Issue): string {
  const path = pathOf(issue);
  const name = path.join(".");
  if (isUnknownKey(issue)) {
    const parents = path.slice(0, -1);
    const within = parents.length === 0 ? "The configuration" : parents.join(".");
    const nearest = nearestName(path.at(-1) ?? "", namesAt(parents));
    return `"${name}" is not a setting.${nearest === undefined ? ` ${within} has ${namesAt(parents).join(", ")}.` : ` Did you mean "${nearest}"?`}`;
  }
  return name === "" ? `The configuration ${issue.message}.` : `${name} is ${shownValue(valueAt(issue))}, but ${issue.message}.`;
}

function isUnknownKey(issue: Issue): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}

function pathOf(issue: Issue): readonly string[] {
  return (issue.path ?? []).map((item) => String(item.key));
}

/** The value at the end of the issue's path, since a check across two settings has their object as its input. */
function valueAt(issue: Issue): unknown {
  return issue.path?.at(-1)?.value;
}

function shownValue(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** The value at fault, or the key where the key is unknown. */
function nodeOf(issue: Issue, tree: Node): Node {
  const path = [...pathOf(issue)];
  const node = path.length === 0 ? tree : findNodeAtLocation(tree, path);
  if (node === undefined) {
    // A default is at fault together with a value that is there: the object that lacks the key is shown.
    return findNodeAtLocation(tree, path.slice(0, -1)) ?? tree;
  }
  return isUnknownKey(issue) ? (node.parent?.children?.[0] ?? node) : node;
}

/** What the schema does not see: keys given twice, and lists, which to it are objects without keys. */
function flawsOfShape(node: Node): readonly { readonly node: Node; readonly message: string }[] {
  if (node.type === "array") {
    return [{ node, message: "No setting is a list." }];
  }
  const found: { node: Node; message: string }[] = [];
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const key = node.type === "object" ? child.children?.[0] : undefined;
    if (key !== undefined) {
      const name = String(key.value);
      if (seen.has(name)) {
        found.push({ node: key, message: `"${name}" is there twice; only the last would count.` });
      }
      seen.add(name);
    }
    found.push(...flawsOfShape(child));
  }
  return found;
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
