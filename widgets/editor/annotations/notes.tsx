/** The list of notes and to-dos. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count, shorten } from "../../shared/format";
import type { Note } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import type { FormProps } from "../inspector/parts";
import { ColourField, Spot } from "./parts";

export function Notes(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const all = [...store.onMap.annotations.value.notes];
  const todos = all.filter(([, note]) => note.todo);
  const open = todos.filter(([, note]) => !note.done).length;
  const sorted = [...all].sort(([, a], [, b]) => rank(a) - rank(b));
  return (
    <section class="wn-section" aria-label="Notes and to-dos">
      <h3>
        Notes and to-dos
        {todos.length > 0 ? <small>{open === 0 ? "all done" : `${count(open, "to-do")} left`}</small> : null}
      </h3>
      <ul class="wn-list">
        {sorted.map(([id, note]) => (
          <NoteRow key={id} {...props} id={id} note={note} />
        ))}
      </ul>
      <div class="wk-button-row">
        {([false, true] as const).map((todo) => (
          <Button
            key={String(todo)}
            label={todo ? "New to-do" : "New note"}
            tooltip={
              todo ? "Beside the selected state, or on the map (D)" : "Beside the selected state, or on the map (J)"
            }
            icon="plus"
            small
            kind="outline"
            disabled={!store.editable.value}
            onPress={() => void actions.addNote(todo)}
          >
            {todo ? "To-do" : "Note"}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** To-dos that are left come first, those that are done last. */
function rank({ todo, done }: Note): number {
  return todo ? (done ? 2 : 0) : 1;
}

function NoteRow({ store, actions, id, note }: FormProps & { id: string; note: Note }): JSX.Element {
  const { onMap } = store;
  const editable = store.editable.value;
  const isOpen = onMap.openNote.value === id;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    row.current?.scrollIntoView({ block: "nearest" });
    row.current?.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
  }, [isOpen]);
  const first = note.text.trim().split("\n")[0] ?? "";
  const name = first === "" ? "Empty note" : shorten(first, 60);
  return (
    <li ref={row} class={isOpen ? "wn-open" : ""}>
      <div class="wn-row">
        {note.todo ? (
          <input
            type="checkbox"
            aria-label={`Done: ${name}`}
            checked={note.done}
            disabled={!editable}
            onChange={(event) => {
              // The kernel decides: what shows is its value until the change comes back.
              event.currentTarget.checked = note.done;
              void actions.changeNote(id, { done: !note.done }, note.done ? "Reopen a to-do" : "Complete a to-do");
            }}
          />
        ) : null}
        <button
          type="button"
          class={`we-link${note.done ? " wn-done" : ""}`}
          aria-expanded={isOpen}
          onClick={() => {
            onMap.openNote.value = isOpen ? null : id;
          }}
        >
          {note.todo ? null : <Spot colour={note.color} />}
          <span class="we-link-name">{name}</span>
          {note.state === null ? null : <small>{note.state}</small>}
        </button>
        <Button
          label={`Show on the map: ${name}`}
          icon="arrive"
          small
          kind="quiet"
          onPress={() => actions.showNote(id)}
        />
      </div>
      {isOpen ? (
        <div class="wn-details">
          <TextField
            label="Text"
            value={note.text}
            multiline
            rows={4}
            readOnly={!editable}
            onCommit={async (text) =>
              (await actions.changeNote(id, { text }, "Write a note")) ? null : "It was not saved."
            }
          />
          <ColourField
            of={name}
            colour={note.color}
            disabled={!editable}
            onPick={(color) => void actions.changeNote(id, { color }, "Colour a note")}
          />
          <div class="wk-button-row">
            <Button
              label={note.todo ? `Turn into a note: ${name}` : `Turn into a to-do: ${name}`}
              small
              kind="outline"
              disabled={!editable}
              onPress={() =>
                void actions.changeNote(
                  id,
                  { todo: !note.todo, done: false },
                  note.todo ? "Turn into a note" : "Turn into a to-do",
                )
              }
            >
              {note.todo ? "Turn into a note" : "Turn into a to-do"}
            </Button>
            <Button
              label={`Delete: ${name}`}
              icon="trash"
              small
              kind="outline"
              disabled={!editable}
              onPress={() => void actions.annotate({ notes: { [id]: null } }, "Delete a note")}
            >
              Delete
            </Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}
