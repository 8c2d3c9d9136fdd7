/** Forms for the world's story, cutscenes and sequences. */
import type { JSX } from "preact";
import { readableName } from "../../shared/format";
import { isObject, type Json, object, text } from "../../shared/json";
import { Select } from "../../shared/ui/choice";
import { freeName } from "../data/names";
import { usedNames } from "../data/ops";
import { Pick } from "../forms/camera-fields";
import { Line, Prose, useChangeName, useField } from "../forms/fields";
import { type Form, useForm } from "../forms/form";
import { Group } from "../forms/form-layout";
import { Items, WordList } from "../forms/list-fields";
import { type Path, put, read } from "../forms/paths";
import { Flags, StateRef, StateRefs } from "../forms/reference-fields";
import { Seconds } from "../forms/seconds";
import { duration } from "../forms/timing-text";
import { UnknownFields } from "../forms/unknown-fields";

const STORY_FIELDS = new Set(["logline", "arc", "beats"]);
const STORY_BEAT_FIELDS = new Set(["summary", "arc", "states", "sequence"]);
const CUTSCENE_FIELDS = new Set(["id", "label", "video", "from", "to", "subtitle", "requires"]);
const SEQUENCE_FIELDS = new Set(["id", "title", "beats"]);
const BEAT_FIELDS = new Set(["state", "dwell"]);

export function StoryFields(): JSX.Element {
  const form = useForm();
  const story = object(form.body.story);
  const arcs = Array.isArray(story.arc) ? story.arc.map((arc) => text(arc)) : [];
  const sequences = listOf(form, "sequences");
  const beats = Array.isArray(story.beats) ? story.beats.length : 0;
  return (
    <Group title="Story" note={beats > 0 ? `${beats} ${beats === 1 ? "beat" : "beats"}` : ""} of={[["story"]]}>
      <Prose
        at={["story", "logline"]}
        label="Logline"
        rows={2}
        required={form.body.story !== undefined}
        hint="What the world is, dramatically, in a sentence."
      />
      {form.body.story === undefined ? null : (
        <>
          <WordList at={["story", "arc"]} label="Arc" noun="act" />
          <p class="wk-label">What has happened so far</p>
          <Items
            at={["story", "beats"]}
            noun="beat"
            title={(item) => text(object(item).summary)}
            initial={() => ({ summary: "" })}
          >
            {(at) => (
              <>
                <Prose at={[...at, "summary"]} label="Summary" required rows={3} />
                <Pick
                  at={[...at, "arc"]}
                  label="Act"
                  options={[["", "none"], ...arcs.map((arc) => [arc, arc] as const)]}
                />
                <StateRefs at={[...at, "states"]} label="States" />
                <Pick
                  at={[...at, "sequence"]}
                  label="Set-piece"
                  options={[["", "none"], ...sequences.map((one) => [text(one.id), text(one.title)] as const)]}
                />
                <UnknownFields at={at} knownNames={STORY_BEAT_FIELDS} />
              </>
            )}
          </Items>
          <UnknownFields at={["story"]} knownNames={STORY_FIELDS} />
        </>
      )}
    </Group>
  );
}

export function CutscenesFields(): JSX.Element {
  const form = useForm();
  const cuts = listOf(form, "cutscenes");
  const { nodes } = form.store.worldGraph.value;
  return (
    <Group title="Cutscenes" note={cuts.length > 0 ? String(cuts.length) : ""} of={[["cutscenes"]]}>
      <p class="wk-hint">A clip on the seam between two states. An event that leads to it lands where it ends.</p>
      <Items
        at={["cutscenes"]}
        noun="cutscene"
        title={(item) => text(object(item).label) || readableName(text(object(item).id))}
        initial={() => ({
          id: freeName("cutscene", usedNames(form.store.doc.peek()).state),
          video: "",
          from: nodes[0]?.id ?? "",
          to: nodes[1]?.id ?? nodes[0]?.id ?? "",
        })}
      >
        {(at) => (
          <>
            <Line at={[...at, "id"]} label="Id" required mono hint="Events that lead to it follow a new id." />
            <Line at={[...at, "label"]} label="Label" />
            <Line at={[...at, "video"]} label="Clip" required mono placeholder="clips/the-first-beam.mp4" />
            <StateRef at={[...at, "from"]} label="From" />
            <StateRef at={[...at, "to"]} label="To" />
            <Line at={[...at, "subtitle"]} label="Subtitle" />
            <Flags at={[...at, "requires"]} label="Played when these are held" asks />
            <UnknownFields at={at} knownNames={CUTSCENE_FIELDS} />
          </>
        )}
      </Items>
    </Group>
  );
}

export function SequencesFields(): JSX.Element {
  const form = useForm();
  const sequences = listOf(form, "sequences");
  return (
    <Group title="Set-pieces" note={sequences.length > 0 ? String(sequences.length) : ""} of={[["sequences"]]}>
      <p class="wk-hint">States that play by themselves, in order; offered in the first.</p>
      <Items
        at={["sequences"]}
        noun="set-piece"
        title={(item) => text(object(item).title)}
        initial={(sequences) => ({
          id: freeName("set_piece", (id) => sequences.some((one) => object(one).id === id)),
          title: "A set-piece",
          beats: form.store.worldGraph
            .peek()
            .nodes.slice(0, 2)
            .map(({ id }) => ({ state: id })),
        })}
      >
        {(at) => (
          <>
            <Line at={[...at, "title"]} label="Title" required />
            <Line at={[...at, "id"]} label="Id" required mono />
            <p class="wk-label">Beats</p>
            <Items
              at={[...at, "beats"]}
              noun="beat"
              required
              title={(item) => `${text(object(item).state)}${dwellWords(object(item).dwell)}`}
              initial={(stops) => ({
                state: text(object(stops.at(-1)).state) || (form.store.worldGraph.peek().nodes[0]?.id ?? ""),
              })}
            >
              {(beat) => (
                <>
                  <StateRef at={[...beat, "state"]} label="State" />
                  <Dwell at={[...beat, "dwell"]} />
                  <UnknownFields at={beat} knownNames={BEAT_FIELDS} />
                </>
              )}
            </Items>
            <UnknownFields at={at} knownNames={SEQUENCE_FIELDS} />
          </>
        )}
      </Items>
    </Group>
  );
}

const DWELLS = [
  ["settle", "Until the picture is still"],
  ["ms", "For a time"],
  ["input", "Return control: the sequence ends here"],
] as const;

function Dwell({ at }: { at: Path }): JSX.Element {
  const { form, value } = useField({ at, label: "Dwell" });
  const naming = useChangeName();
  const current = isObject(value) ? "ms" : text(value, "settle");
  const pick = (choice: string) =>
    void form.change(naming("Set", "the dwell"), (body) =>
      put(body, at, choice === "ms" ? { ms: 4000, ...object(read(body, at)) } : choice),
    );
  return (
    <>
      <Select label="Stays" value={current} options={DWELLS} disabled={form.readOnly} onChange={pick} />
      {current === "ms" ? <Seconds at={[...at, "ms"]} label="Stays for" what="the dwell" required /> : null}
    </>
  );
}

function dwellWords(dwell: Json | undefined): string {
  if (isObject(dwell)) return typeof dwell.ms === "number" ? `, ${duration(dwell.ms)}` : "";
  return dwell === "input" ? ", then yours" : "";
}

function listOf(form: Form, key: string): ReturnType<typeof object>[] {
  const value = form.body[key];
  return Array.isArray(value) ? value.map(object) : [];
}
