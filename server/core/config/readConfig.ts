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
  const tree = treeOf(text, errors);
  const place = (offset: number, length: number, message: string): ConfigProblem => ({
    message,
    ...position(text, offset),
    offset,
    length,
  });
  if (tree === "too deep") {
    return { problems: [place(0, 0, "The configuration is nested too deeply to be read.")] };
  }
  if (tree === undefined || errors.length > 0) {
    return { problems: syntaxProblems(text, errors, place) };
  }
  if (tree.type !== "object") {
    return { problems: [place(tree.offset, tree.length, "The configuration must be an object.")] };
  }
  const misshapen = flawsOfShape(tree, []).map(({ node, message }) => place(node.offset, node.length, message));
  const parsed = v.safeParse(configSchema, getNodeValue(tree));
  if (parsed.success && misshapen.length === 0) {
    return { config: parsed.output, problems: [] };
  }
  const wrong = (parsed.issues ?? []).flatMap((issue) => {
    const node = nodeOf(issue, tree);
    return isUnknownKey(issue) ? [] : [place(node.offset, node.length, issueInWords(issue))];
  });
  return { problems: [...misshapen, ...wrong].sort((a, b) => a.offset - b.offset) };
}

function treeOf(text: string, errors: ParseError[]): Node | undefined | "too deep" {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser calls itself for each level, so that thousands of brackets exhaust the stack.
    if (error instanceof RangeError) {
      return "too deep";
    }
    throw error;
  }
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
  const name = pathOf(issue).join(".");
  return name === "" ? `The configuration ${issue.message}.` : `${name} is ${shownValue(valueAt(issue))}, but ${issue.message}.`;
}

/** Of these the schema reports one in each object; `flawsOfShape` reports all. */
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

/** The value at fault; where a default is at fault together with a value that is there, the object that lacks it. */
function nodeOf(issue: Issue, tree: Node): Node {
  const path = [...pathOf(issue)];
  return (path.length === 0 ? tree : (findNodeAtLocation(tree, path) ?? findNodeAtLocation(tree, path.slice(0, -1)))) ?? tree;
}

interface Flaw {
  readonly node: Node;
  readonly message: string;
}

/** What the schema does not see, or not all of: lists, which to it are objects without keys, unknown keys, and keys given twice. */
function flawsOfShape(node: Node, path: readonly string[]): readonly Flaw[] {
  if (node.type === "array") {
    return [{ node, message: "No setting is a list." }];
  }
  const names = namesAt(path);
  const seen = new Set<string>();
  return (node.type === "object" ? (node.children ?? []) : []).flatMap(({ children: [key, value] = [] }): readonly Flaw[] => {
    if (key === undefined) {
      return [];
    }
    const name = String(key.value);
    if (!names.includes(name)) {
      return names.length === 0 ? [] : [{ node: key, message: unknownKey(name, path, names) }];
    }
    const repeated = seen.has(name) ? [{ node: key, message: `"${name}" is there twice; only the last would count.` }] : [];
    seen.add(name);
    return [...repeated, ...(value === undefined ? [] : flawsOfShape(value, [...path, name]))];
  });
}

function unknownKey(name: string, path: readonly string[], names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const within = path.length === 0 ? "The configuration" : path.join(".");
  const next = nearest === undefined ? `${within} has ${names.join(", ")}.` : `Did you mean "${nearest}"?`;
  return `"${[...path, name].join(".")}" is not a setting. ${next}`;
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
