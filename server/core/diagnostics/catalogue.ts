import { DIAGNOSTIC_CODES, type DiagnosticCode } from "./codes";
import type { Severity } from "./diagnostic";
import type { Rule } from "./rule";
import { blankLine } from "./rules/blankLine";
import { byteOrderMark } from "./rules/byteOrderMark";
import { danglingQrel } from "./rules/danglingQrel";
import { duplicateKey } from "./rules/duplicateKey";
import { emptyText } from "./rules/emptyText";
import { invalidJson } from "./rules/invalidJson";
import { lineSeparator } from "./rules/lineSeparator";
import { longLine } from "./rules/longLine";
import { markedNegative } from "./rules/markedNegative";
import { noNegatives } from "./rules/noNegatives";
import { noPositives } from "./rules/noPositives";
import { notAnObject } from "./rules/notAnObject";
import { notFinite } from "./rules/notFinite";
import { oddCharacter } from "./rules/oddCharacter";
import { positiveAmongNegatives } from "./rules/positiveAmongNegatives";
import { queryAsPassage } from "./rules/queryAsPassage";
import { repeatedNegative } from "./rules/repeatedNegative";
import { unknownFormat } from "./rules/unknownFormat";
import { wrongField } from "./rules/wrongField";

/** The rule behind each code. */
export const CATALOGUE: Readonly<Record<DiagnosticCode, Rule>> = {
  HN001: invalidJson,
  HN002: notAnObject,
  HN003: blankLine,
  HN004: byteOrderMark,
  HN005: lineSeparator,
  HN006: notFinite,
  HN007: duplicateKey,
  HN010: oddCharacter,
  HN013: longLine,
  HN101: unknownFormat,
  HN102: wrongField,
  HN106: noNegatives,
  HN107: noPositives,
  HN201: positiveAmongNegatives,
  HN203: queryAsPassage,
  HN204: repeatedNegative,
  HN208: markedNegative,
  HN302: danglingQrel,
  HN401: emptyText,
};

/** All rules, in the order of their codes. */
export const RULES: readonly Rule[] = DIAGNOSTIC_CODES.map((code) => CATALOGUE[code]);

/** The config's `checks`: a severity of the user's for some codes. */
export type SeverityOverrides = Readonly<Partial<Record<DiagnosticCode, Severity | "off" | undefined>>>;

/** The severity in force; undefined where the check is switched off. */
export function severityOf(code: DiagnosticCode, overrides: SeverityOverrides): Severity | undefined {
  const chosen = overrides[code] ?? CATALOGUE[code].severity;
  return chosen === "off" ? undefined : chosen;
}
