import { exportTargets } from "#core/exporting/targets";

/** What `--help` prints. */
export const helpText = `Nearmiss mines, checks and exports hard negatives of a retrieval training set.

Usage
  nearmiss mine DATASET    [options]                  mine negatives; prints the data set, or writes --out
  nearmiss export DATASET  --format FORMAT --out FILE [options]   a new file, and FILE.manifest.json
  nearmiss batches DATASET [options]                  which queries to train on together: one batch a line; --check PLAN checks one
  nearmiss train DATASET   [--resume RUN] [--json] [options]   an adapter over the frozen encoder, in .nearmiss/adapters, and its comparison
  nearmiss label DATASET   --endpoint URL --model NAME [--dry-run|--send] [options]   what a language model says of the negatives; without
                             --dry-run or --send it prints what would be sent, and sends nothing
  nearmiss evaluate DATASET [--adapter NAME|DIR] [--held-out] [--json] [options]   nDCG@10, MRR@10 and recall@100 of the encoder,
                             and of an adapter beside it
  nearmiss certify DATASET [--json] [options]         where the present audit stands: marked, false, at most how many, by source
  nearmiss certify --verify CERTIFICATE [--marks FOLDER] [--export FILE] [--json]   compute a certificate again from the export
                             and the marks, and say what differs
  nearmiss check PATH...   [--json]                   look for problems in training sets
  nearmiss marks DATASET   [--json]                   what has been marked, and by whom

DATASET is a .jsonl file (also .gz) or a folder in BEIR form.

Options of mine, export and batches
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
  --epochs N               batches: plan so many epochs (1)
  --check PLAN             batches: say what in this plan breaks the rules, instead of making one
  --force                  export: replace FILE if it exists
  --certify                export: only pairs of the present audit, with FILE.certificate.json and FILE.certificate.md, which
                             state how many false negatives the file holds at most

Options of train: --corpus, --split, --config, --set, --model, --query-vectors, --corpus-vectors and --seed as above, and
  --resume RUN             go on with a run that was stopped or interrupted
  --json                   the record of the run, for programs

Options of label: --corpus, --split, --config, --set, --query-vectors and --corpus-vectors as above (the encoder is the configuration's), and
  --endpoint URL           base address of an OpenAI-compatible service, such as http://localhost:11434/v1; its key, if it needs one, is read
                             from the environment variable NEARMISS_API_KEY
  --model NAME             language model, as the service has it
  --task TASK              judge (default): which candidates are relevant; answer: which passages an answer rests on
  --confirm-with NAME      judge: this model looks again at what the first one flagged, and goes before it
  --queries N              ask about at most so many queries (else labelling.queries)
  --concurrency N          questions under way at once (2)
  --timeout SECONDS        after which a question is given up (120)
  --input-price X --output-price Y                   money for a million tokens, for the estimate and the count;
  --confirm-input-price X --confirm-output-price Y     of the confirming model
  --dry-run                ask about three queries and print the answers; no suggestion is written
  --send                   ask, and write suggestions; Ctrl+C stops, and the same command goes on, asking nothing twice
  --write-batch FILE       write the questions for a batch service instead; nothing is sent
  --read-batch FILE        take a batch's answers in and write suggestions from them; with --send the rest is asked
  --json                   for programs

Options of evaluate: --corpus, --split, --config, --set, --model, --query-vectors and --corpus-vectors as above, and
  --adapter NAME|DIR       a folder in .nearmiss/adapters, or any folder with a slash in it (else the configuration's)
  --held-out               only the queries that the adapter was not trained on
  --json                   for programs

Options of certify DATASET: --config and --set as above, and --json. With --verify, the marks and the export are looked for where
  the certificate says, from its own folder on; --marks FOLDER and --export FILE name other places.

mine ends with tables on standard error: kept and dropped by rule, by source where there is a mix, and scores.
Exit codes: 0 done, 1 check found errors or warnings, batches --check violations, certify --verify differences or label no verdict
on some query, 2 bad use or bad input, 130 stopped.
`;
