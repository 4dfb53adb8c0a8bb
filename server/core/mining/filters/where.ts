import { fieldOf } from "../../collection/fieldOf";
import { meets } from "../../collection/fieldPredicate";
import type { Document } from "../../collection/collection";
import type { SourceContext } from "./rule";
import { testRule } from "./rule";

/** Drops documents that do not meet every predicate on their fields. */
export const where = testRule({
  rule: "where",
  isOn: ({ settings }) => settings.where.length > 0,
  drops: (row, _rank, context) => {
    const document = documentOf(row, context);
    return document !== undefined && !meets(document, context.settings.where);
  },
  words: (row, _rank, context) => {
    const document = documentOf(row, context);
    const failed = context.settings.where.find((predicate) => document !== undefined && !meets(document, [predicate]));
    const value = document === undefined || failed === undefined ? undefined : fieldOf(document, failed.field);
    return value === undefined
      ? `it has no field "${failed?.field ?? ""}", which where asks for`
      : `its "${failed?.field ?? ""}" is ${JSON.stringify(value)}, which where does not allow`;
  },
});

function documentOf(row: number, { pool, facts }: SourceContext): Document | undefined {
  return facts.identity.collection.documents[pool.documents[row] ?? -1];
}
