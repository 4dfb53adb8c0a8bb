import type { BuildOptions } from "esbuild";

/** esbuild's options for the process that owns the vectors, without `outfile`. */
export declare const vectorProcessOptions: BuildOptions;
