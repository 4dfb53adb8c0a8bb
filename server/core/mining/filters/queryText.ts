import type { Filter } from "./filter";

/** Drops documents whose normalised text is the query's. */
export const queryText: Filter = (hit, { query }) => (hit.group === query.group ? "the query's own text" : undefined);
