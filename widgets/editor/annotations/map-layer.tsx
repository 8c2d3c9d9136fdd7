/** Notes, and the tags of cards, as elements over the map. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { overlap } from "../../map/geometry/curve";
import { CLICK_SLOP, pointOf } from "../../map/pointer";
import { toWorld, visibleRect } from "../../map/viewport";
import type { Note } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import { snapToGrid } from "../graph/arrange";
import type { Store } from "../store";
import { notePlace } from "./actions";
import { NOTE_H, NOTE_W, NOTE_ZOOM } from "./note-layout";
import { Spot } from "./parts";

const MAX_NOTES = 200;

export function MapNotes({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  const visible = useMemo(
    () =>
      computed(() => {
        if (store.view.value.k < NOTE_ZOOM) return [];
        void store.scene.value;
        void store.movedNodes.value;
        const area = visibleRect(store.view.value, store.size.value, 40);
        const all = [...store.onMap.annotations.value.notes].map(([id, note]) => ({
          id,
          note,
          at: notePlace(store, note),
        }));
        return all.filter(({ at: [x, y] }) => overlap({ x, y, w: NOTE_W, h: NOTE_H }, area)).slice(0, MAX_NOTES);
      }),
    [store],
  );
  if (visible.value.length === 0) return null;
  return (
    <>
      {visible.value.map(({ id, note, at: [x, y] }) => (
        <MapNote key={id} store={store} actions={actions} id={id} note={note} x={x} y={y} />
      ))}
    </>
  );
}

interface MapNoteProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly id: string;
  readonly note: Note;
  readonly x: number;
  readonly y: number;
}

function MapNote({ store, actions, id, note, x, y }: MapNoteProps): JSX.Element {
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const element = useRef<HTMLButtonElement>(null);
  // from the edge of the stage: else a note that is dragged jumps when the map is zoomed
  const worldPoint = (event: PointerEvent) => {
    const stage = element.current?.closest<HTMLElement>(".wm-stage");
    const { x, y } = stage ? pointOf(stage, event) : { x: event.clientX, y: event.clientY };
    return toWorld(store.view.peek(), x, y);
  };
  const offset = (event: PointerEvent) => {
    const { x, y } = worldPoint(event);
    const from = drag.current ?? { x, y };
    return [x - from.x, y - from.y] as const;
  };
  const place = (dx: number, dy: number) => {
    if (element.current) element.current.style.transform = `translate(${x + dx}px, ${y + dy}px)`;
  };
  const text = note.text.trim();
  return (
    <button
      ref={element}
      type="button"
      class={`wn-note${note.done ? " wn-done" : ""}`}
      tabIndex={-1}
      aria-label={`${note.todo ? (note.done ? "To-do, done" : "To-do") : "Note"}: ${text || "empty"}`}
      style={{ transform: `translate(${x}px, ${y}px)`, "--wn-hue": `var(--wk-hue-${note.color})` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        if (event.button !== 0 || drag.current) return;
        drag.current = { ...worldPoint(event), moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!drag.current || !store.editable.peek()) return;
        const [dx, dy] = offset(event);
        drag.current.moved ||= Math.hypot(dx, dy) * store.view.peek().k > CLICK_SLOP;
        if (drag.current.moved) place(dx, dy);
      }}
      onPointerUp={(event) => {
        const pressed = drag.current;
        const [dx, dy] = offset(event);
        drag.current = null;
        if (!pressed?.moved) return;
        const at: Note["at"] = [snapToGrid(note.at[0] + dx), snapToGrid(note.at[1] + dy)];
        void actions.changeNote(id, { at }, "Move a note").then((moved) => moved || place(0, 0));
        event.currentTarget.dataset.dragged = "";
      }}
      onLostPointerCapture={() => {
        // after the drop there is nothing left to give up
        if (!drag.current) return;
        drag.current = null;
        place(0, 0);
      }}
      onDblClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        const { dataset } = event.currentTarget;
        if (dataset.dragged !== undefined) delete dataset.dragged;
        else {
          store.onMap.openNote.value = id;
          store.openPanel("map");
        }
      }}
    >
      {note.todo ? <span class="wn-box">{note.done ? <Icon name="check" /> : null}</span> : null}
      <span class="wn-text">{text || "Empty note"}</span>
    </button>
  );
}

/** The tags of a card, on its upper edge. */
export function CardTags({ store, id }: { store: Store; id: string }): JSX.Element | null {
  const { tagged, tags } = store.onMap.annotations.value;
  const names = tagged.get(id);
  if (!names) return null;
  return (
    <span class="wn-card-tags">
      {names.slice(0, 3).map((name) => (
        <span key={name} class="wn-card-tag">
          <Spot colour={tags.get(name)?.color ?? "grey"} />
          <span>{name}</span>
        </span>
      ))}
      {names.length > 3 ? <span class="wn-card-tag">+{names.length - 3}</span> : null}
    </span>
  );
}
