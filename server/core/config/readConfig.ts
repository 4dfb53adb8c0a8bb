import { findNodeAtLocation, getNodeValue, type Node } from "jsonc-parser";
import * as v from "valibot";
import { withCompatDefaults } from "./compatDefaults";
import { type Config, configSchema } from "./config";
import { type ConfigIssue, issueInWords, issuePath, isUnknownKey } from "./issueInWords";
import { jsonTree } from "./jsonTree";
import { shapeFlaws } from "./shapeFlaws";

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
  /** What the text holds, without the defaults: see `applyOverrides`. There where `config` is. */
  readonly written?: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** Reads a configuration. Comments and trailing commas are allowed. Never throws. */
export function readConfig(text: string): ConfigReading {
  const place = (offset: number, length: number, message: string): ConfigProblem => ({
    message,
    ...position(text, offset),
    offset,
    length,
  });
  if (text.trim() === "") {
    return { problems: [place(0, 0, "The configuration is empty; {} is the smallest one.")] };
  }
  const parsed = jsonTree(text, "The configuration");
  if (!("tree" in parsed)) {
    return { problems: [place(parsed.offset, parsed.length, parsed.message)] };
  }
  const { tree } = parsed;
  if (tree.type !== "object") {
    return { problems: [place(tree.offset, tree.length, "The configuration must be an object.")] };
  }
  const flaws = shapeFlaws(tree, []);
  const misshapen = flaws.map(({ node, message }) => place(node.offset, node.length, message));
  const written: unknown = getNodeValue(tree);
  const checked = v.safeParse(configSchema, withCompatDefaults(written));
  if (checked.success && misshapen.length === 0) {
    return { config: checked.output, written, problems: [] };
  }
  const wrong = (checked.issues ?? []).flatMap((issue) => {
    const node = nodeOf(issue, tree);
    // To the schema a list in an object's place lacks the object's keys; what it is has been told.
    return isUnknownKey(issue) || flaws.some((flaw) => flaw.node === node) ? [] : [place(node.offset, node.length, issueInWords(issue))];
  });
  return { problems: [...misshapen, ...wrong].sort((a, b) => a.offset - b.offset) };
}

/** The value at fault; where a default is at fault together with a value that is there, the object that lacks it. */
function nodeOf(issue: ConfigIssue, tree: Node): Node {
  const path = [...issuePath(issue)];
  return (path.length === 0 ? tree : (findNodeAtLocation(tree, path) ?? findNodeAtLocation(tree, path.slice(0, -1)))) ?? tree;
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
