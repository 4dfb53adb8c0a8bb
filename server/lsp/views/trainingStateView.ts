import type { Config } from "#core/config/config";
import { settings } from "#core/config/settings";
import { pathText } from "#core/config/settingPath";
import type { RunRecord } from "#core/learning/runRecord";
import type { TrainingCurves, TrainingRunView, TrainingState, TrainingStatus } from "#protocol/training";
import type { OpenDataset } from "../openDataset";

/** Settings that the panel shows beside the button that trains. */
const SHOWN = [
  "sampler.num_negatives",
  "training.temperature",
  "training.adapter.sides",
  "training.adapter.rank",
  "training.adapter.regularization",
  "training.num_train_epochs",
  "training.batch_size",
  "training.learning_rate",
  "training.in_batch_negatives",
  "training.distillation_weight",
  "training.batches.task",
  "training.rounds.count",
  "training.rounds.asynchronous",
  "training.validation_share",
  "training.test_share",
  "training.seed",
] as const;

/** How far the training of a data set is, as one complete picture. */
export function trainingStatus({ uri, learning, session }: OpenDataset): TrainingStatus {
  const { progress, activeName, activeRecord } = learning;
  const rounds = (activeRecord?.training ?? session.config.training).rounds.count;
  const empty = { round: 0, rounds, epoch: 0, step: 0, totalSteps: 0, losses: [], validations: [], seconds: 0 };
  if (activeName === undefined) return { dataset: uri, phase: "idle", done: 0, total: 0, ...empty };
  const { done, total } = session.status;
  if (progress === undefined) return { dataset: uri, run: activeName, phase: "embedding", done, total, ...empty };
  return { dataset: uri, run: activeName, rounds, ...progress, seconds: activeRecord?.seconds ?? 0 };
}

/** Everything the training view shows. */
export function trainingState(dataset: OpenDataset, records: readonly RunRecord[], newCandidates: number): TrainingState {
  const { session, learning } = dataset;
  const { adapter } = session.config.model;
  return {
    revision: session.revision,
    status: trainingStatus(dataset),
    ...(adapter === null ? {} : { adapterInUse: adapter }),
    runs: records.map((record) => runView(record, learning.activeName)),
    settings: shownSettings(session.config),
    newCandidates,
  };
}

function runView(record: RunRecord, active: string | undefined): TrainingRunView {
  const { name, started, seconds, trainQueries, validationQueries, testQueries, taughtQueries } = record;
  const { rounds, ending, comparison, adapter } = record;
  const isOver = name !== active;
  return {
    name,
    started,
    seconds,
    trainQueries,
    validationQueries,
    testQueries,
    ...(taughtQueries === undefined ? {} : { taughtQueries }),
    rounds,
    // A process that ended in the middle could not say so.
    state: record.state === "running" && isOver ? "interrupted" : record.state,
    ...(isOver ? { curves: curvesOf(record) } : {}),
    ...(ending === undefined ? {} : { ending }),
    ...(comparison === undefined ? {} : { comparison }),
    ...(adapter === undefined ? {} : { adapter }),
    canResume: isOver && record.checkpoint !== undefined && record.state !== "finished",
  };
}

function curvesOf({ losses, validations, frozenNdcg }: RunRecord): TrainingCurves {
  return { losses, validations, ...(frozenNdcg === undefined ? {} : { frozenNdcg }) };
}

function shownSettings(config: Config): TrainingState["settings"] {
  const known = new Map(settings().map((setting) => [pathText(setting.path), setting]));
  return SHOWN.flatMap((name) => {
    const setting = known.get(name);
    return setting === undefined ? [] : [{ name, value: JSON.stringify(valueAt(config, setting.path)), description: setting.description }];
  });
}

function valueAt(config: Config, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], config);
}
