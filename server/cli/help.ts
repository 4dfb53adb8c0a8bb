import { exportTargets } from "#core/exporting/targets";

/** What `--help` prints. */
export const helpText = `Nearmiss mines, checks and exports hard negatives of a retrieval training set.

Usage
  nearmiss mine DATASET    [options]                  mine negatives; prints the data set, or writes --out
  nearmiss export DATASET  --format FORMAT --out FILE [options]   a new file, and FILE.manifest.json
  nearmiss check PATH...   [--json]                   look for problems in training sets
  nearmiss marks DATASET   [--json]                   what has been marked, and by whom

DATASET is a .jsonl file (also .gz) or a folder in BEIR form.

Options of mine and export
  --corpus FILE            mine from this corpus, one passage a line
  --split NAME             which qrels/NAME.tsv of a BEIR folder (else train, dev, test)
  --config FILE            configuration (else the nearest .nearmiss/config.json)
  --set KEY=VALUE          one parameter of it, for example sampler.num_negatives=5; may be repeated. A mix is JSON:
                             'sampler.mix=[{"source":"simans","n":4},{"source":"same_article","n":2}]',
                             'sampler.mix[0].n=6'
  --model ID|DIR           encoder: embedded, a folder in the Xenova layout, or a hub id
  --query-vectors Q.npy    vectors of your own, float32, row i for record i;
  --corpus-vectors C.npy     both files together
  --seed N                 seed of every draw
  --format FORMAT          ${exportTargets.map(({ id }) => id).join(", ")}
  --negatives MODE         mined (default): what mining emits; listed: the file's own, less what marks keep out
  --out FILE               where to write; mine: - is standard output, as without it
  --detail FILE            mine: every candidate of every query with its sources, scores, probability and fate in words,
                             one JSON line a query
  --report FILE            mine: one JSON object: counts by rule and by source, what is missing and what would help,
                             statistics of the scores, durations, seed and model
  --force                  export: replace FILE if it exists

mine ends with tables on standard error: kept and dropped by rule, by source where there is a mix, and scores.
Exit codes: 0 done, 1 check found errors or warnings, 2 bad use or bad input, 130 stopped.
`;
