/** All texts as one sheet for translation, voice and review: out as a file, and in again when it comes back. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { download } from "../../shared/download";
import { count, joinWords, sentence } from "../../shared/format";
import { text } from "../../shared/json";
import type { Rejected, SheetEditsReply, SheetReply } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Check } from "../../shared/ui/choice";
import { Problem } from "../../shared/ui/problem";
import type { Reader } from "../data/prose-fields";
import type { FormProps } from "../inspector/parts";
import { ReaderSelect } from "./reader-select";

/** More lines than this are counted, and not listed one by one. */
const MAX_LISTED_LINES = 50;

export function ScriptPanel(props: FormProps): JSX.Element {
  return (
    <div class="we-script">
      <SheetOut {...props} />
      <SheetIn {...props} />
    </div>
  );
}

function SheetOut({ store }: FormProps): JSX.Element {
  const [format, setFormat] = useState<"csv" | "xliff">("csv");
  const [reader, setReader] = useState<Reader | null>(null);
  const [language, setLanguage] = useState("");
  const write = async () => {
    const sheetRequest = { type: "write_sheet", format, reader, language: language.trim() || null } as const;
    const reply = await store.link.request<SheetReply | Rejected>(sheetRequest);
    if (!store.notices.answered(reply, "write_sheet")) return;
    const name = joinWords(text(store.doc.peek().world.name), "-");
    const tag = language.trim() === "" ? "" : `.${language.trim()}`;
    // Spreadsheets know UTF-8 by its mark.
    const content = format === "csv" ? `\ufeff${reply.text}` : reply.text;
    download(`${name || "world"}${tag}.${format === "csv" ? "csv" : "xlf"}`, content);
    store.notices.show("The sheet is in your downloads.");
  };
  return (
    <section aria-label="Export a sheet">
      <h2>Export a sheet</h2>
      <p class="wk-hint">Every text with its place, for translators, voice recording and reviewers.</p>
      <div class="we-replace-form">
        <label class="wk-label">
          Format
          <select
            class="wk-input"
            value={format}
            onChange={(event) => setFormat(event.currentTarget.value as "csv" | "xliff")}
          >
            <option value="csv">CSV, for a spreadsheet</option>
            <option value="xliff">XLIFF 2.0, for translation tools</option>
          </select>
        </label>
        <ReaderSelect label="Texts" reader={reader} onChange={setReader} />
        <label class="wk-label">
          Translate into
          <input
            class="wk-input"
            type="text"
            placeholder="such as de; empty to edit"
            autocomplete="off"
            value={language}
            onInput={(event) => setLanguage(event.currentTarget.value)}
          />
        </label>
        <Button label="Download the sheet" kind="outline" disabled={!store.online.value} onPress={() => void write()}>
          Download
        </Button>
      </div>
    </section>
  );
}

interface Sheet {
  readonly name: string;
  readonly text: string;
}

function SheetIn({ store, actions }: FormProps): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [overwrite, setOverwrite] = useState(false);
  const [reply, setReply] = useState<SheetEditsReply | Rejected | null>(null);
  const importedReply = useRef<unknown>(null);
  const ask = async (next: Sheet, all: boolean) => {
    setSheet(next);
    setOverwrite(all);
    setReply(await store.link.request<SheetEditsReply | Rejected>({ type: "read_sheet", ...next, overwrite: all }));
  };
  const importTexts = async () => {
    if (reply?.type !== "sheet_edits" || !sheet || reply === importedReply.current) return;
    // What was edited here meanwhile may be what the sheet changes: it is read again, against the world as it is.
    if (reply.rev !== store.doc.peek().rev) {
      await ask(sheet, overwrite);
      store.notices.show("The world has changed since: check again, then import the texts.");
      return;
    }
    const outcome = await actions.edit(reply.ops as never, {
      label: `Import the texts of ${sheet.name}`,
      message: `Changed ${count(reply.changed, "text")}.`,
    });
    if (outcome.ok) {
      importedReply.current = reply;
      setSheet(null);
      setReply(null);
    }
  };
  return (
    <section aria-label="Import a sheet">
      <h2>Import a sheet</h2>
      <p class="wk-hint">Texts changed here since the export are not overwritten unless you allow it.</p>
      <input
        ref={file}
        type="file"
        class="wk-visually-hidden"
        aria-label="Sheet to import"
        tabIndex={-1}
        accept=".csv,.tsv,.xlf,.xliff"
        onChange={async (event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) await ask({ name: file.name, text: await file.text() }, false);
        }}
      />
      <Button kind="outline" disabled={!store.online.value} onPress={() => file.current?.click()}>
        Choose a file
      </Button>
      <Problem text={reply?.type === "rejected" ? sentence(reply.message) : null} role="alert" />
      {reply?.type === "sheet_edits" && sheet ? (
        <>
          <p role="status">{outcomeWords(sheet.name, reply)}</p>
          {reply.outdated.length > 0 || overwrite ? (
            <Check
              label="Overwrite texts that were changed here since"
              checked={overwrite}
              onChange={(all) => void ask(sheet, all)}
            />
          ) : null}
          {reply.outdated.length > 0 ? (
            <ul class="we-replace-hits">
              {reply.outdated.slice(0, MAX_LISTED_LINES).map(({ key, current, text }) => (
                <li key={key}>
                  <div>
                    <strong>{key}</strong>
                    <p>{`Here: ${current}`}</p>
                    <p>{`In the sheet: ${text}`}</p>
                  </div>
                </li>
              ))}
            </ul>
          ) : null}
          {reply.unknown.length > 0 ? (
            <p class="wk-hint">{`No longer in the world: ${reply.unknown.slice(0, MAX_LISTED_LINES).join(", ")}`}</p>
          ) : null}
          <Button
            kind="primary"
            disabled={!store.editable.value || reply.changed === 0}
            onPress={() => void actions.inTurn(importTexts)}
          >
            {`Import ${count(reply.changed, "text")}`}
          </Button>
        </>
      ) : null}
    </section>
  );
}

function outcomeWords(name: string, { changed, outdated, unknown }: SheetEditsReply): string {
  const parts = [
    changed === 0 ? "nothing to change" : `${count(changed, "text")} to change`,
    outdated.length > 0 ? `${count(outdated.length, "text")} changed here since` : "",
    unknown.length > 0 ? `${count(unknown.length, "line")} without a text here` : "",
  ];
  return `${name}: ${parts.filter(Boolean).join("; ")}.`;
}
