/** A property while it is edited: what is typed of it stays until it is saved, and a new name takes the typed text along. */
import { type Signal, signal } from "@preact/signals";
import type { PropertyEdit } from "../../shared/protocol";
import type { PropertyRow } from "./data";

type NameAndText = Pick<PropertyRow, "name" | "text">;

interface PropertyAccess {
  /** Returns the property as it is listed now. */
  readonly row: () => NameAndText;
  /** Runs something after what was asked for before it, which may change what the property is called. */
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>;
  /** Sends an edit; resolves with null, or with why it was refused. */
  readonly send: (edit: PropertyEdit) => Promise<string | null>;
  /** Returns a text as the kernel writes it. */
  readonly read: (text: string) => Promise<string>;
  /** Told when an edit was taken, and nothing that is typed is left. */
  readonly onDone: () => void;
}

export class PropertyDraft {
  /** The text that is typed and not saved; null for none. */
  readonly text: Signal<string | null> = signal(null);
  /** The name that is typed and not saved; null for none. */
  name: string | null = null;
  /** What was saved last, and what was listed before. */
  #saved: { readonly before: NameAndText; readonly after: NameAndText } | null = null;
  readonly #first: NameAndText;

  constructor(private readonly given: PropertyAccess) {
    this.#first = given.row();
  }

  /** Save a text; resolves with null, or with why it was refused. */
  saveText(text: string): Promise<string | null> {
    return this.#save(text, null);
  }

  /** Save a name, with the text that is typed, if any; resolves with null, or with why they were refused. */
  saveName(name: string): Promise<string | null> {
    const typed = this.text.peek();
    return this.#save(typed?.trim() ? typed : null, name);
  }

  async #save(text: string | null, name: string | null): Promise<string | null> {
    const { inTurn, row, send, read } = this.given;
    const refusal = await inTurn(async () => {
      const before = row();
      const now = this.#now(before);
      const after = { name: name === null ? now.name : bare(name), text: text ?? now.text };
      const refusal = await send({ name: now.name, text: after.text, ...(name === null ? {} : { rename: name }) });
      if (refusal !== null) return refusal;
      // One without a name is called by its text, as the kernel writes it.
      const isNamed = name === null ? now.name !== now.text : after.name !== "";
      this.#saved = { before, after: isNamed ? after : { ...after, name: await read(after.text) } };
      return null;
    });
    if (refusal !== null) return refusal;
    // what was typed meanwhile stays
    if (this.text.peek() === text) this.text.value = null;
    if (this.name === name) this.name = null;
    if (!this.text.peek()?.trim() && this.name === null) this.given.onDone();
    return null;
  }

  /** Return the property as it is once what was saved here is listed. What has another name by then is another one. */
  #now(row: NameAndText): NameAndText {
    const { before, after } = this.#saved ?? { before: null, after: this.#first };
    const isOld = before?.name === row.name && before.text === row.text;
    return row.name === after.name && !isOld ? row : after;
  }
}

function bare(name: string): string {
  return name.split(/\s+/).filter(Boolean).join(" ");
}
