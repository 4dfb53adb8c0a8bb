/**
 * The two libraries with compiled parts. They are CommonJS, load their binaries relative to their own files, and stay outside the bundle.
 */
import { createRequire } from "node:module";
import type * as hnswlib from "hnswlib-node";
import type * as onnxruntime from "onnxruntime-node";

const load = createRequire(import.meta.url);

export const ort = load("onnxruntime-node") as typeof onnxruntime;

/** Throws where hnswlib-node was not compiled for this platform; exact search needs nothing of it. */
export function loadHnswlib(): typeof hnswlib {
  return load("hnswlib-node") as typeof hnswlib;
}
