/** The tables of keys in the guides are the keymaps, word for word. With `WRITE_GUIDES=1` they are written instead. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BINDINGS as COMPARE } from "../compare/keymap";
import { BINDINGS as EDITOR } from "../editor/keymap";
import { KEYS, LIVE_KEYS } from "../player/parts/help";

type Row = readonly [keys: readonly string[], does: string];

const rowsOf = (bindings: readonly { keys: readonly string[]; does: string }[]): Row[] =>
  bindings.filter(({ does }) => does !== "").map(({ keys, does }) => [keys, does]);
const split = (name: string) => name.split("+");

const GUIDES: { readonly [guide: string]: readonly Row[] } = {
  editor: rowsOf(EDITOR),
  player: [
    ...KEYS.map(([key, does]): Row => [split(key), does]),
    ...LIVE_KEYS.map(([key, does]): Row => [split(key), `${does} (in real time)`]),
  ],
  compare: rowsOf(COMPARE),
};

const [OPEN, SHUT] = ["<!-- keys -->", "<!-- /keys -->"];

test.each(Object.keys(GUIDES))("the guide of the %s lists every key that there is", (guide) => {
  const path = join(import.meta.dirname, "../../docs", `${guide}.md`);
  const rows = (GUIDES[guide] ?? []).map(
    ([keys, does]) => `| ${keys.map((key) => `\`${key}\``).join(" ")} | ${does} |`,
  );
  const table = ["| key | what it does |", "| --- | --- |", ...rows].join("\n");
  const page = readFileSync(path, "utf8");
  const [before = "", rest = ""] = page.split(OPEN);
  const [stored = "", after = ""] = rest.split(SHUT);
  if (process.env.WRITE_GUIDES) writeFileSync(path, `${before}${OPEN}\n${table}\n${SHUT}${after}`);
  else expect(stored.trim(), "run: make pictures").toBe(table);
});
