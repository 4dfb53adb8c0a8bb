import {
  openConfig,
  panelReady,
  pickChatModel,
  revealPlace,
  reviewConfigChange,
  saveImage,
  startExport,
  type PanelStart,
} from "#protocol/host";
import { fakeModels } from "../fakeOpinions";
import type { FakeSession } from "../fakeSession";

/** What the extension answers itself. `person` decides on what VS Code would ask: a diff, a file's name, a model. */
export function answerHost(session: FakeSession, start: PanelStart, person: { readonly accepts: boolean }): void {
  const { channel } = session;
  channel.answerBare(panelReady, () => start);
  channel.answerBare(revealPlace, () => null);
  channel.answerBare(reviewConfigChange, ({ edits }) => {
    if (person.accepts) session.saveConfig(edits);
    return { accepted: person.accepts };
  });
  channel.answerBare(saveImage, () => ({ saved: person.accepts }));
  channel.answerBare(pickChatModel, ({ purpose }) => ({ model: person.accepts ? fakeModels[purpose] : null }));
  channel.answerBare(openConfig, () => null);
  channel.answerBare(startExport, () => null);
}
