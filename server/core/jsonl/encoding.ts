import { err, ok, type Result } from "../util/result";

/** What the first bytes of a file say about its encoding. */
export interface Encoding {
  /** 3 where the file begins with the UTF-8 byte order mark, else 0. */
  readonly byteOrderMark: 0 | 3;
}

/** How many bytes of a file's start `detectEncoding` looks at. */
export const ENCODING_SAMPLE_BYTES = 4096;

/**
 * Recognises UTF-8 from the first bytes of a file, and refuses what is not text or not UTF-8.
 *
 * @param head the first `ENCODING_SAMPLE_BYTES` of the file, or all of a shorter one
 */
export function detectEncoding(head: Uint8Array, file: string): Result<Encoding> {
  const utf16 = utf16Name(head);
  if (utf16 !== undefined) {
    return err({
      reason: "bad-encoding",
      message: `The file is encoded in ${utf16}; records are read as UTF-8.`,
      nextStep: 'Save it as UTF-8: in VS Code, click the encoding in the status bar and choose "Save with Encoding".',
      place: { file },
    });
  }
  const container = binaryName(head);
  if (container !== undefined) {
    return err({
      reason: "unsupported",
      message: `The file is ${container.name}, not JSON Lines.`,
      nextStep: container.nextStep,
      place: { file },
    });
  }
  return ok({ byteOrderMark: startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0 });
}

function utf16Name(head: Uint8Array): string | undefined {
  if (startsWith(head, [0xff, 0xfe])) return "UTF-16 (little endian)";
  if (startsWith(head, [0xfe, 0xff])) return "UTF-16 (big endian)";
  // Without a mark: JSON is mostly ASCII, so every other byte of UTF-16 is NUL. UTF-8 text holds no NUL at all.
  const pairs = Math.floor(head.length / 2);
  if (pairs < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) even++;
    if (head[2 * pair + 1] === 0) odd++;
  }
  if (odd > pairs * 0.3 && even < odd / 4) return "UTF-16 (little endian, without a byte order mark)";
  if (even > pairs * 0.3 && odd < even / 4) return "UTF-16 (big endian, without a byte order mark)";
  return undefined;
}

interface BinaryContainer {
  readonly name: string;
  readonly nextStep: string;
}

const CONTAINERS: readonly (BinaryContainer & { readonly magic: readonly number[] })[] = [
  { magic: [0x1f, 0x8b], name: "compressed with gzip", nextStep: "Unpack it first, for example with gunzip." },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: "compressed with zstd", nextStep: "Unpack it first, for example with unzstd." },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: "a zip archive", nextStep: "Unpack it first." },
  {
    magic: [0x50, 0x41, 0x52, 0x31],
    name: "a Parquet file",
    nextStep: "Convert it to JSON Lines, for example with datasets.Dataset.to_json.",
  },
];

function binaryName(head: Uint8Array): BinaryContainer | undefined {
  return CONTAINERS.find(({ magic }) => startsWith(head, magic));
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, offset) => bytes[offset] === byte);
}
