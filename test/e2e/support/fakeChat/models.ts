/** What goes wrong with a model. */
export type Fault = "no-permission" | "quota" | "cut";

/** A model as the list of VS Code shows it. */
export interface FakeModel {
  readonly id: string;
  readonly name: string;
  /** Takes whatever shares words with the query for partly relevant. */
  readonly isCareless: boolean;
  /** Questions that it answers before it holds all others back until it is told to go on. */
  readonly holdsAfter?: number;
  readonly fault?: Fault;
}

export const fakeModels: readonly FakeModel[] = [
  { id: "cheap", name: "Scripted Cheap", isCareless: true },
  { id: "strong", name: "Scripted Strong", isCareless: false },
  { id: "held", name: "Scripted Held", isCareless: true, holdsAfter: 8 },
  { id: "forbidden", name: "Scripted Forbidden", isCareless: false, fault: "no-permission" },
  { id: "exhausted", name: "Scripted Exhausted", isCareless: false, fault: "quota" },
  { id: "broken", name: "Scripted Broken", isCareless: false, fault: "cut" },
];
