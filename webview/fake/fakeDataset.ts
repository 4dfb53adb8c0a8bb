/** The one data set of the scripted host, by its address and by its path. */
export const fakeDataset = "file:///home/ada/tern/train.jsonl";
export const fakeFile = "/home/ada/tern/train.jsonl";
