/** The part of the configuration that says how the adapter is trained. Names are sentence-transformers' where it has one for the thing. */
import * as v from "valibot";
import { count, flag, group, number, positive, share, text } from "./schemaParts";

const notNegative = v.pipe(number, v.minValue(0, "must be at least 0"));
/** Below 1: something must be left to train on. */
const part = v.pipe(number, v.minValue(0, "must be at least 0"), v.maxValue(0.9, "must be at most 0.9"));

const adapter = v.strictObject(
  {
    sides: v.optional(
      v.pipe(
        v.picklist(["query", "both"], 'must be "query" or "both"'),
        v.description(
          '"query": only query vectors are moved, and document vectors stay as they are indexed. "both": one matrix moves both.',
        ),
      ),
      "query",
    ),
    rank: v.optional(
      v.pipe(v.nullable(count(1)), v.description("W = I + U V^T with U and V of so many columns; null: a full matrix.")),
      null,
    ),
    regularization: v.optional(
      v.pipe(notNegative, v.description("lambda of the penalty lambda |W - I|^2, which holds the adapter near the frozen encoder.")),
      0.1,
    ),
  },
  group,
);

const batches = v.strictObject(
  {
    blended: v.optional(
      v.pipe(flag, v.description("Let a batch mix tasks. Otherwise every batch is of one task, so that in-batch negatives come from it.")),
      false,
    ),
    task: v.optional(
      v.pipe(
        text,
        v.nonEmpty("must not be empty"),
        v.description('What the task of a query is: "file", or the field of its record that names it, for example "type".'),
      ),
      "file",
    ),
    multi_dataset_batch_sampler: v.optional(
      v.pipe(
        v.picklist(["proportional", "round_robin"], 'must be "proportional" or "round_robin"'),
        v.description("Order of the tasks' batches: as many of each as it has rows for, or in turn until the smallest task is used up."),
      ),
      "proportional",
    ),
    same_topic: v.optional(
      v.pipe(flag, v.description("Fill a batch from one topic of its task where there are enough rows, for harder in-batch negatives.")),
      false,
    ),
  },
  group,
);

const rounds = v.strictObject(
  {
    count: v.optional(
      v.pipe(count(1), v.description("Rounds of training. Negatives are mined again with the adapter before each but the first.")),
      1,
    ),
    steps: v.optional(
      v.pipe(v.nullable(count(1)), v.description("Batches a round; null: num_train_epochs of them, shared evenly among the rounds.")),
      null,
    ),
    asynchronous: v.optional(
      v.pipe(
        flag,
        v.description(
          "Mine the negatives of the next round while one trains, with the adapter it began from, as ANCE does: one round older.",
        ),
      ),
      false,
    ),
    patience: v.optional(v.pipe(count(1), v.description("Stop after so many rounds without a gain on the validation queries.")), 2),
    max_false_negative_rise: v.optional(
      v.pipe(
        v.nullable(share),
        v.description("Stop when the estimated share of false negatives has risen by more than this since the first round; null: never."),
      ),
      0.1,
    ),
  },
  group,
);

export const trainingSchema = v.strictObject(
  {
    temperature: v.optional(
      v.pipe(
        positive,
        v.description(
          "tau of the softmax over scores, for the training and for the gradients shown. 1 / tau is sentence-transformers' scale.",
        ),
      ),
      0.05,
    ),
    adapter: v.optional(v.pipe(adapter, v.description("What is trained over the frozen encoder.")), {}),
    in_batch_negatives: v.optional(
      v.pipe(flag, v.description("Take the other rows' documents as negatives besides the query's own.")),
      true,
    ),
    hardness_mode: v.optional(
      v.pipe(
        v.nullable(
          v.picklist(
            ["in_batch_negatives", "hard_negatives", "all_negatives"],
            'must be null, "in_batch_negatives", "hard_negatives" or "all_negatives"',
          ),
        ),
        v.description("Which negatives weigh more the nearer they are; null: none."),
      ),
      null,
    ),
    hardness_strength: v.optional(
      v.pipe(notNegative, v.description("alpha of the hardness weight exp(alpha s), which no gradient flows through.")),
      5,
    ),
    weight_by_false_negatives: v.optional(
      v.pipe(
        flag,
        v.description(
          "Weigh each negative by 1 - P(false negative) once marks have taught the model; pinned true negatives weigh 1. Without enough marks all weigh 1.",
        ),
      ),
      true,
    ),
    distillation_weight: v.optional(
      v.pipe(share, v.description("Share of the loss that compares the scores with a teacher's, for queries that have one.")),
      0.5,
    ),
    num_train_epochs: v.optional(v.pipe(count(1), v.description("Passes over the training queries, at most.")), 30),
    batch_size: v.optional(v.pipe(count(2), v.description("Queries a batch.")), 64),
    learning_rate: v.optional(v.pipe(positive, v.description("Highest learning rate of AdamW.")), 0.0001),
    weight_decay: v.optional(v.pipe(notNegative, v.description("AdamW's decay, towards the identity.")), 0),
    warmup_ratio: v.optional(
      v.pipe(share, v.description("Share of the steps over which the learning rate rises; it falls linearly after.")),
      0.1,
    ),
    max_grad_norm: v.optional(v.pipe(positive, v.description("Longer gradients are cut to this length.")), 1),
    early_stopping_patience: v.optional(
      v.pipe(
        count(1),
        v.description("Stop after so many epochs without a gain in nDCG@10 on the validation queries. The best epoch's adapter is kept."),
      ),
      10,
    ),
    validation_share: v.optional(
      v.pipe(part, v.description("Share of the queries that training does not see and that decide when it stops; 0: it runs to its end.")),
      0.15,
    ),
    test_share: v.optional(
      v.pipe(part, v.description("Share of the queries that only the comparison with the frozen encoder sees.")),
      0.25,
    ),
    seed: v.optional(v.pipe(count(0), v.description("Decides the split, the batches and every draw.")), 42),
    batches: v.optional(v.pipe(batches, v.description("How queries are put together in batches.")), {}),
    rounds: v.optional(v.pipe(rounds, v.description("Mining again while the model improves.")), {}),
  },
  group,
);

export type TrainingConfig = v.InferOutput<typeof trainingSchema>;
