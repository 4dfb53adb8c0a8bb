/** Writes the embedded model below `outFolder` (by default dist/models) unless it is up to date. Gives back whether it wrote. */
export declare function buildModel(outFolder?: string): boolean;
