import { defaultConfig } from "#core/config/config";
import { Curation } from "#core/curation/curation";
import { Labelling } from "#core/labelling/labelling";
import { Learning } from "#core/learning/learning";
import { DatasetSession } from "#core/session/datasetSession";
import type { LoadedDataset } from "#core/session/loadedDataset";
import { MarkJournal } from "#core/session/markJournal";
import type { SessionListener } from "#core/session/sessionListener";
import { SuggestionJournal } from "#core/session/suggestionJournal";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import type { OpenRows, ServerHost } from "./serverHost";

export interface DatasetListener extends SessionListener {
  /** How far training is has changed. */
  readonly trainingAdvanced: () => void;
  /** How far asking a language model is has changed. */
  readonly labellingAdvanced: () => void;
  /** A lane, the audit or what marks have taught may have changed. */
  readonly curationChanged: () => void;
}

/** What a data set under review is made of. */
export interface DatasetParts {
  /** What its files hold. The session knows nothing of it yet. */
  readonly loaded: LoadedDataset;
  readonly journal: MarkJournal;
  readonly suggestions: SuggestionJournal;
  readonly session: DatasetSession;
  readonly learning: Learning;
  readonly curation: Curation;
  readonly labelling: Labelling;
  /** Has a listener told of all that the parts report from now on. */
  readonly listen: (listener: DatasetListener) => void;
}

type DatasetFiles = Pick<DatasetParts, "loaded" | "journal" | "suggestions">;

/** Reads the files of a data set and joins the parts that work on them. */
export async function openParts(path: string, host: ServerHost, openRows: OpenRows): Promise<Result<DatasetParts>> {
  const loaded = await host.load({ path, openRows, fallback: defaultConfig });
  if (!loaded.ok) return loaded;
  const { author, clock, newMarkId: newId, tool } = host;
  const journal = await MarkJournal.open({ log: host.openMarkLog(loaded.value.homeFolder), author, clock, newId, tool });
  if (!journal.ok) return journal;
  const log = host.openSuggestionLog(loaded.value.homeFolder);
  const suggestions = await SuggestionJournal.open({ log, author, clock, newId, tool });
  if (!suggestions.ok) return suggestions;
  return ok(joined({ loaded: loaded.value, journal: journal.value, suggestions: suggestions.value }, host));
}

/** Curation follows what the session reports, before anybody else listens and afterwards. */
function joined(files: DatasetFiles, host: ServerHost): DatasetParts {
  const { loaded, suggestions } = files;
  let told: DatasetListener | undefined;
  const home = host.openHome(loaded.homeFolder);
  const revised = (): void => {
    told?.revised();
    curation.sessionRevised();
  };
  const previewAdvanced = (done: number, total: number): void => {
    told?.previewAdvanced?.(done, total);
    curation.searchAdvanced(done, total);
  };
  const session = new DatasetSession({ ...host, home }, { revised, statusChanged: () => told?.statusChanged(), previewAdvanced });
  const dataset = loaded.path.split(/[/\\]/u).at(-1) ?? "";
  const common = { ...host, session, home, dataset };
  const learning = new Learning({ ...common, changed: () => told?.trainingAdvanced() });
  const curation = new Curation({ ...common, changed: () => told?.curationChanged(), advanced: previewAdvanced });
  const cache = host.openAnswerCache();
  const labelling = new Labelling({ ...common, curation, suggestions, cache, changed: () => told?.labellingAdvanced() });
  const listen = (listener: DatasetListener): void => {
    told = listener;
  };
  return { ...files, session, learning, curation, labelling, listen };
}
