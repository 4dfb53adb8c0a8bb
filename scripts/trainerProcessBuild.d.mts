import type { BuildOptions } from "esbuild";

/** esbuild's options for the process that trains adapters, without `outfile`. */
export declare const trainerProcessOptions: BuildOptions;
