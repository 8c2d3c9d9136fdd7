/** The form of a state. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../shared/format";
import { type Json, type JsonObject, object, text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { PlaceFields } from "../annotations/tags";
import * as ops from "../data/ops";
import { AutopilotFields, CameraFields } from "../forms/camera-fields";
import { Line, Prose, Segments } from "../forms/fields";
import { changeForm, type Form, useForm } from "../forms/form";
import { FormLayout, Group, OtherFindings } from "../forms/form-layout";
import { JsonView } from "../forms/json-view";
import { Items, LineList } from "../forms/list-fields";
import { fieldName, type Path, put, read } from "../forms/paths";
import { withVariant } from "../forms/prompts";
import { UnknownFields, unknownFields } from "../forms/unknown-fields";
import { writtenStateOps } from "../writing/choice-ops";
import { readChoices } from "../writing/choices";
import { ProseChoices } from "../writing/choices-field";
import { placeBeside } from "../writing/place";
import { Budget, StatePrompts } from "./budget";
import { Links } from "./links";
import type { FormProps } from "./parts";
import { renameState } from "./state-changes";

const OWN_FIELDS = new Set([
  "base",
  "camera",
  "movement",
  "ambient",
  "ending",
  "narration",
  "arriveLabel",
  "autopilot",
  "variants",
]);
const ENDINGS = [
  { value: "", label: "No ending" },
  { value: "win", label: "Win", icon: "win" },
  { value: "lose", label: "Lose", icon: "lose" },
] as const;

export function StateForm(props: FormProps & { node: number }): JSX.Element | null {
  const { store, actions, node } = props;
  const state = store.graph.value.nodes[node];
  const drafts = useDrafts();
  if (!state) return null;

  const { id, body } = state;
  const readOnly = !store.editable.value;
  const current = () => {
    const { byId, nodes } = store.graph.peek();
    return nodes[byId.get(store.currentName("state", id)) ?? -1]?.body ?? null;
  };
  const form: Form = {
    store,
    actions,
    body,
    owner: id,
    readOnly,
    findings: store.doc.value.diagnostics.filter(({ item }) => item.kind === "state" && item.id === id),
    change: changeForm(actions, current, (before, after) => {
      const currentId = store.currentName("state", id);
      const textOps = writtenStateOps(store.doc.peek(), store.autoNames, currentId, before, after);
      const source = store.graph.peek().byId.get(currentId) ?? -1;
      return { ops: textOps.ops, positions: placeBeside(store, source, textOps.states) };
    }),
  };
  const draft = drafts.applied(body);
  const live = { ...draft, base: readChoices(text(draft.base)).prose };
  const { world } = store.doc.value;
  const ambient = Array.isArray(body.ambient) ? body.ambient.length : 0;
  const variants = Array.isArray(body.variants) ? body.variants.length : 0;

  const head = (
    <>
      <div class="we-name-row">
        <TextField
          label="Id"
          name="id"
          value={id}
          readOnly={readOnly}
          mono
          onCommit={(value) => renameState(props, id, value)}
        />
        <Button
          label={`Delete state ${id}`}
          icon="trash"
          kind="quiet"
          disabled={readOnly}
          onPress={() => void actions.remove()}
        />
      </div>
      <div class="we-row">
        {state.start ? (
          <span class="wk-chip wk-chip-accent">
            <Icon name="start" />
            <span>Start: play begins here</span>
          </span>
        ) : (
          <Button
            label="Make entrance: play starts here"
            icon="start"
            small
            kind="outline"
            disabled={readOnly}
            onPress={() => void actions.inTurn(() => actions.edit(ops.setEntrance(store.currentName("state", id))))}
          >
            Make entrance
          </Button>
        )}
      </div>
      <OtherFindings form={form} knownFields={OWN_FIELDS} />
      <PlaceFields {...props} states={[id]} />
    </>
  );

  return (
    <FormLayout form={form} label={`State ${id}`} head={head}>
      <div class="we-fields">
        <Prose
          at={["base"]}
          label="What the camera sees"
          what="the scene"
          required
          rows={5}
          placeholder="Concrete, visible things: place, light, who stands where."
          onDraft={drafts.at(["base"])}
        />
        <ProseChoices doc={store.doc.value} prose={text(draft.base)} />
        <Budget body={live} />
      </div>
      <StatePrompts world={world} body={live} />
      <Links {...props} node={node} />
      <Group title="Camera and movement" of={[["camera"], ["movement"]]}>
        <CameraFields at={[]} drafts={drafts.at} />
      </Group>
      <Group title="Ambient" note={ambient > 0 ? count(ambient, "line") : ""} of={[["ambient"]]}>
        <p class="wk-hint">Small motions that come again and again, one at a time, while the player stays.</p>
        <LineList at={["ambient"]} noun="line" label="Ambient line" placeholder="A gull tilts past the gallery." />
      </Group>
      <Group title="For the player" of={[["narration"], ["arriveLabel"]]}>
        <Prose
          at={["narration"]}
          label="Narration"
          rows={3}
          hint={
            body.narration === undefined && world.narrate === true
              ? "Empty: a line is derived from the scene. Never part of a prompt."
              : "Shown to the player; never part of a prompt."
          }
        />
        <Line at={["arriveLabel"]} label="Arrival label" hint="What must be visible once the player is here." />
      </Group>
      <EndingFields />
      <Group title="Autopilot" of={[["autopilot"]]}>
        <p class="wk-hint">Controls the standing camera holds for as long as the player is here.</p>
        <AutopilotFields />
      </Group>
      <Group title="Variants" note={variants > 0 ? String(variants) : ""} of={[["variants"]]}>
        <p class="wk-hint">Other prompts for the same entrance picture, to play against this one.</p>
        <Items
          at={["variants"]}
          noun="variant"
          title={(item) => text(object(item).label)}
          initial={(variants) => ({ label: nextLabel(variants), base: text(body.base) })}
        >
          {(at) => <VariantFields at={at} world={world} />}
        </Items>
      </Group>
      <Group
        title="Other fields"
        note={String(unknownFields(body, OWN_FIELDS).length || "")}
        open={unknownFields(body, OWN_FIELDS).length > 0}
      >
        <UnknownFields at={[]} knownNames={OWN_FIELDS} adds />
      </Group>
      <JsonView />
    </FormLayout>
  );
}

const VARIANT_FIELDS = new Set(["label", "base", "camera", "movement", "ambient"]);

function VariantFields({ at, world }: { at: Path; world: JsonObject }): JSX.Element {
  const form = useForm();
  const drafts = useDrafts();
  const live = withVariant(form.body, object(read(drafts.applied(form.body), at)));
  return (
    <>
      <Prose
        at={[...at, "base"]}
        label="What the camera sees"
        what="the scene"
        required
        rows={4}
        onDraft={drafts.at([...at, "base"])}
      />
      <Budget body={live} />
      <Line at={[...at, "label"]} label="Label" required />
      <Group
        title="Its own camera and movement"
        of={[
          [...at, "camera"],
          [...at, "movement"],
        ]}
      >
        <p class="wk-hint">Left empty, the state’s own are used.</p>
        <CameraFields at={at} drafts={drafts.at} />
      </Group>
      <Group title="Its own ambient" of={[[...at, "ambient"]]}>
        <LineList at={[...at, "ambient"]} noun="line" label="Ambient line" />
      </Group>
      <StatePrompts world={world} body={live} />
      <UnknownFields at={at} knownNames={VARIANT_FIELDS} />
    </>
  );
}

/** Return the next free letter: the state itself is A. */
export function nextLabel(variants: readonly Json[]): string {
  const labels = new Set(variants.map((item) => text(object(item).label)));
  for (let n = 1; n < 26; n += 1) {
    const letter = String.fromCharCode(65 + n);
    if (!labels.has(letter)) return letter;
  }
  return `Variant ${variants.length + 2}`;
}

function EndingFields(): JSX.Element {
  const form = useForm();
  const ending = object(form.body.ending);
  const kind = text(ending.kind);
  const pick = (choice: string) => {
    const title = text(ending.title) || ops.titleOfEnding(choice);
    const label =
      choice === ""
        ? `Remove the ending of ${form.owner}`
        : `Make ${form.owner} a ${choice === "win" ? "winning" : "losing"} ending`;
    void form.change(label, (body) =>
      choice === ""
        ? put(body, ["ending"], undefined)
        : put(body, ["ending"], { title, ...object(body.ending), kind: choice }),
    );
  };
  return (
    <Group title="Ending" note={kind === "win" ? "Win" : kind === "lose" ? "Lose" : ""} of={[["ending"]]}>
      <Segments at={["ending", "kind"]} label="Reaching this state" choices={ENDINGS} onPick={pick} />
      {kind !== "" ? (
        <>
          <Line at={["ending", "title"]} label="Title" what="the title of the ending" required />
          <Line at={["ending", "subtitle"]} label="Subtitle" what="the subtitle of the ending" />
          <UnknownFields at={["ending"]} knownNames={ENDING_FIELDS} />
        </>
      ) : null}
    </Group>
  );
}

const ENDING_FIELDS = new Set(["kind", "title", "subtitle"]);

/** What is typed and not yet sent, so that bars and previews follow each letter. */
export function useDrafts(): {
  at: (path: Path) => (draft: string | null) => void;
  applied: (body: JsonObject) => JsonObject;
} {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, { path: Path; words: string }>>(new Map());
  return {
    at: (path) => (words) =>
      setDrafts((before) => {
        const next = new Map(before);
        if (words === null) next.delete(fieldName(path));
        else next.set(fieldName(path), { path, words });
        return next;
      }),
    applied: (body) => [...drafts.values()].reduce((result, { path, words }) => put(result, path, words), body),
  };
}
