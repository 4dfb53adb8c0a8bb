/** Building blocks of the configuration's schema, with the words in which a wrong value is told. */
import * as v from "valibot";

export const number = v.pipe(v.number("must be a number"), v.finite("must be a finite number"));
export const text = v.string("must be a text in quotes");
export const flag = v.boolean("must be true or false");
export const share = v.pipe(number, v.minValue(0, "must be at least 0"), v.maxValue(1, "must be at most 1"));
export const positive = v.pipe(number, v.gtValue(0, "must be above 0"));

/** A whole number of at least `least`. */
export const count = (least: number): v.GenericSchema<number> =>
  v.pipe(number, v.integer("must be a whole number"), v.minValue(least, `must be at least ${String(least)}`));

/** Message for a value that should be an object. Unknown keys get one of their own, see `readConfig`. */
export const group = "must be an object";

type Schemas = Readonly<Record<string, v.GenericSchema>>;
/** Settings that take a default where they are not set. */
type WithDefaults<S extends Schemas> = { readonly [K in keyof S]: v.OptionalSchema<S[K], v.InferInput<S[K]>> };
/** Settings of one source of a mix: what is not set there is the sampler's. */
type PerSource<S extends Schemas> = { readonly [K in keyof S]: v.ExactOptionalSchema<S[K], undefined> };

export function withDefaults<S extends Schemas>(schemas: S, defaults: Readonly<Record<keyof S, unknown>>): WithDefaults<S> {
  const entries = Object.entries(schemas).map(([key, schema]) => [key, v.optional(schema, defaults[key as keyof S])]);
  return Object.fromEntries(entries) as WithDefaults<S>;
}

export function perSource<S extends Schemas>(schemas: S): PerSource<S> {
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, v.exactOptional(schema)])) as PerSource<S>;
}
