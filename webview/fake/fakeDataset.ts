/** The one data set of the scripted host. */
export const fakeDataset = "file:///home/ada/tern/train.jsonl";
