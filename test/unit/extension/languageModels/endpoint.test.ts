import { expect, test } from "vitest";
import { keyName, keyProblem, parseEndpoint } from "../../../../extension/languageModels/endpoint";
import type { Endpoint } from "../../../../extension/languageModels/endpoint";

function endpoint(text: string): Endpoint {
  const parsed = parseEndpoint(text);
  if (!parsed.ok || parsed.value === undefined) throw new Error(`${text} is no endpoint`);
  return parsed.value;
}

test("an address is taken as it is, without the blanks around it", () => {
  expect(endpoint(" http://localhost:11434/v1 ")).toEqual({
    url: "http://localhost:11434/v1",
    origin: "http://localhost:11434",
    host: "localhost:11434",
    isOpen: false,
  });
});

test("none is set", () => {
  expect(parseEndpoint("  ")).toEqual({ ok: true, value: undefined });
});

test.each([
  ["localhost:11434", "is not an address of http or https"],
  ["/v1", "is no address"],
  ["file:///etc/passwd", "is not an address of http or https"],
  ["https://name:secret@api.example.com/v1", "holds a name or password"],
])("%s is refused", (text, why) => {
  const parsed = parseEndpoint(text);
  expect(parsed).toMatchObject({
    ok: false,
    failure: { reason: "bad-config", message: `The setting nearmiss.languageModel.endpoint ${why}.` },
  });
  expect(JSON.stringify(parsed)).not.toContain("secret");
});

test("a key belongs to scheme, host and port: another service never gets it", () => {
  const names = [
    "https://api.example.com/v1",
    "https://API.example.com/other/path",
    "https://api.example.com:443/v1",
    "http://api.example.com/v1",
    "https://api.example.com:8443/v1",
    "https://api.example.com.evil.org/v1",
  ].map((text) => keyName(endpoint(text)));
  expect(names.map((name) => names.indexOf(name))).toEqual([0, 0, 0, 3, 4, 5]);
});

test("a key is visible ASCII; blanks that were copied around it do not matter, and none removes the key", () => {
  const problem = "A key has no blanks, line ends or letters outside of ASCII.";
  expect(["sk-0123_abc==", " sk-1\n", "", "sk 1", "Schlüssel"].map(keyProblem)).toEqual([
    undefined,
    undefined,
    undefined,
    problem,
    problem,
  ]);
});

test.each([
  ["http://127.0.0.1:8080", false],
  ["http://[::1]:8080/v1", false],
  ["http://models.localhost", false],
  ["https://api.example.com", false],
  ["http://192.168.1.5:8000/v1", true],
  ["http://127.0.0.1.example.com", true],
])("%s: whether others can read what is sent there", (text, isOpen) => {
  expect(endpoint(text).isOpen).toBe(isOpen);
});
