/**
 * Fixtures in which the expected findings stand under the text they are about:
 *
 *     //- /train.jsonl
 *     {"query": "a", "pos": ["b"], "neg": ["b"]}
 *                                          ^^^ error HN201
 *
 * A mark line holds one run of carets, a severity and a code, and may go on with ": " and the message. An empty range is shown as one
 * caret. A line `//- /path` begins a file; without one the fixture is a single file. Every file ends with a line feed, unless its
 * last line is `//- no line feed`.
 */
export interface Mark {
  /** Zero-based line of the file without its marks. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly code: string;
  readonly message?: string;
}

export interface FixtureFile {
  readonly path: string;
  readonly text: string;
  readonly marks: readonly Mark[];
}

const MARK = /^( *)(\^+) (error|warning|information|hint) (HN[0-9]{3})(?:: (.*))?$/;
const NO_LINE_FEED = "//- no line feed";

export function parseFixture(fixture: string): readonly FixtureFile[] {
  const files: { path: string; lines: string[] }[] = [];
  for (const line of fixture.replace(/^\n/, "").replace(/\n *$/, "").split("\n")) {
    const path = /^\/\/- (\/\S+)$/.exec(line)?.[1];
    if (path !== undefined) files.push({ path, lines: [] });
    else if (files.length === 0) files.push({ path: "/train.jsonl", lines: [line] });
    else files.at(-1)?.lines.push(line);
  }
  return files.map(({ path, lines }) => parseFile(path, lines));
}

/** The text with the marks under their lines, in the order of their places. */
export function renderMarks(text: string, marks: readonly Mark[]): string {
  const lines = text.split("\n");
  const shown = text.endsWith("\n") ? lines.slice(0, -1) : [...lines, NO_LINE_FEED];
  return shown.flatMap((line, index) => [line, ...marks.filter((mark) => mark.line === index).map(renderMark)]).join("\n");
}

/** `findings` with only those messages that a mark of `expected` at the same place also spells out. */
export function withAskedMessages(findings: readonly Mark[], expected: readonly Mark[]): readonly Mark[] {
  return findings.map(({ message, ...finding }) => {
    const asked = expected.some(
      (mark) => mark.message !== undefined && mark.line === finding.line && mark.code === finding.code && mark.start === finding.start,
    );
    return asked && message !== undefined ? { ...finding, message } : finding;
  });
}

function parseFile(path: string, lines: readonly string[]): FixtureFile {
  const content: string[] = [];
  const marks: Mark[] = [];
  for (const line of lines) {
    const [, indent = "", carets = "", severity = "", code = "", message] = MARK.exec(line) ?? [];
    if (carets === "") content.push(line);
    else
      marks.push({
        line: content.length - 1,
        start: indent.length,
        end: indent.length + carets.length,
        severity,
        code,
        ...(message === undefined ? {} : { message }),
      });
  }
  const endsOpen = content.at(-1) === NO_LINE_FEED;
  return { path, text: endsOpen ? content.slice(0, -1).join("\n") : `${content.join("\n")}\n`, marks };
}

function renderMark({ start, end, severity, code, message }: Mark): string {
  return `${" ".repeat(start)}${"^".repeat(Math.max(1, end - start))} ${severity} ${code}${message === undefined ? "" : `: ${message}`}`;
}
