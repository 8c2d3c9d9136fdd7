/** What people read holds words, not the names of variables: a rename that reached into a text would be shown. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import schema from "../../../schema/smworld-1.0.json";

/** Text between tags, strings and templates; those without a space are names. */
const TEXTS = [
  />([A-Za-z][A-Za-z ,.'’…:!?()-]* [A-Za-z ,.'’…:!?()-]*)</g,
  /`((?:[^`$<]|\$(?!\{)|\$\{(?:[^{}`]|`[^`]*`)*\})*)`/g,
  /"([A-Z][^"\n;=]*)"/g,
];
const PLACEHOLDER = /\$\{(?:[^{}`]|`[^`]*`)*\}/g;
/** A function that people call, the example of a flag, a unit, a colour. */
const WORDS = ["createEmbed", "open_gate", "kB", "currentColor"];
const IDENTIFIER = /(?<![\w.#/-])[a-z]+(?:[A-Z]\w*|_\w+)/g;

/** Words of the machine where there are words of a writer; the button that lays cards out has one name everywhere. */
const MACHINE_WORD = /\b(?:streamed|not observed|affordance|payload|milliseconds|tidy|null)\b/i;

function fields(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [key, ...fields(value)]);
}

function textsIn(source: string): string[] {
  const texts = TEXTS.flatMap((pattern) => [...source.matchAll(pattern)].map(([, text = ""]) => text));
  return texts.map((text) => text.replaceAll(PLACEHOLDER, "")).filter((text) => text.includes(" "));
}

function identifiersInTexts(source: string): string[] {
  return textsIn(source).flatMap((text) => text.match(IDENTIFIER) ?? []);
}

function sourceFiles(): string[] {
  return readdirSync(".", { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && !/^(?:node_modules|test)\b|protocol\.ts$/.test(file),
  );
}

test("an identifier in a text is found", () => {
  expect(identifiersInTexts("<h3>Or have it chosenSource</h3>")).toEqual(["chosenSource"]);
  expect(identifiersInTexts("<B tooltip={none ? `All` : `$" + "{count} brokenCount (V)`} />")).toEqual(["brokenCount"]);
  expect(identifiersInTexts('say("Nothing is stored_here yet")')).toEqual(["stored_here"]);
});

test("no text holds an identifier that is no field of a world", () => {
  const allowed = new Set([...fields(schema), ...WORDS]);
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(100);
  const identifiers = files.flatMap((file) =>
    identifiersInTexts(readFileSync(file, "utf8"))
      .filter((word) => !allowed.has(word))
      .map((word) => `${file}: ${word}`),
  );
  expect(identifiers).toEqual([]);
});

test("no text has a word of the machine where a writer has one", () => {
  expect(MACHINE_WORD.test("Empty: where it leads is streamed")).toBe(true);
  const texts = sourceFiles().flatMap((file) =>
    textsIn(readFileSync(file, "utf8"))
      .filter((text) => MACHINE_WORD.test(text))
      .map((text) => `${file}: ${text}`),
  );
  expect(texts).toEqual([]);
});
