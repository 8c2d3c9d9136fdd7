/** The form of the world, when nothing is selected: what it is, how it begins and ends, and its records. */
import type { JSX } from "preact";
import type { Doc } from "../../map/document";
import { countOf, problemCounts } from "../../shared/findings";
import { isObject, object, text } from "../../shared/json";
import type { Diagnostic } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { sceneOps, worldOps } from "../forms/edits";
import { Line, OptionalFields, Prose, Switch } from "../forms/fields";
import { changeForm, type Form, FormContext, useForm } from "../forms/form";
import { FormLayout, Group, OtherFindings } from "../forms/form-layout";
import { ImageField } from "../forms/image-field";
import { fieldName, type Path } from "../forms/paths";
import { FlagRef, StateRef } from "../forms/reference-fields";
import { UnknownFields, unknownFields } from "../forms/unknown-fields";
import { explorationNote } from "../overlay/data";
import { MissionsFields } from "./missions";
import type { FormProps } from "./parts";
import { CutscenesFields, SequencesFields, StoryFields } from "./records";

const OWN_FIELDS = new Set(
  (
    "schemaVersion id name description cover entrance subject styleTail narrate introVideo introStatic outro story " +
    "cutscenes sequences missions"
  ).split(" "),
);
const NO_FIELDS: ReadonlySet<string> = new Set();
const ENTRANCE_FIELDS = new Set(["state", "image"]);
const IMAGE_FIELDS = new Set(["src", "label"]);
const OUTRO_FIELDS = new Set(["video", "flag", "state"]);

export function WorldForm(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const { world } = doc;
  const form: Form = {
    store,
    actions,
    body: world,
    owner: "the world",
    readOnly: !store.editable.value,
    findings: worldFindings(doc),
    change: changeForm(
      actions,
      () => store.doc.peek().world,
      (before, after) => ({ ops: worldOps(store.doc.peek(), before, after) }),
    ),
  };
  const image = isObject(world.entrance) ? world.entrance.image : undefined;
  const unknownCount = unknownFields(world, OWN_FIELDS).length + Object.keys(doc.scene).length;

  return (
    <FormLayout form={form} label="World" head={<Overview {...props} form={form} />}>
      <div class="we-fields">
        <Line at={["name"]} label="Name" />
        <Prose at={["description"]} label="Description" rows={2} />
      </div>
      <Group title="Where play starts" of={[["entrance"], ["cover"]]} open>
        <StateRef at={["entrance", "state"]} label="Entrance" what="the entrance" />
        {world.entrance === undefined ? null : (
          <>
            <OptionalFields
              at={["entrance", "image"]}
              noun="first picture"
              hint="The frame that a world model continues from."
              initial={() => ({ src: "" })}
            >
              <ImageField at={["entrance", "image", "src"]} label="First picture" required />
              {image === undefined ? null : (
                <Line at={["entrance", "image", "label"]} label="What it shows" what="the label of the first picture" />
              )}
              <UnknownFields at={["entrance", "image"]} knownNames={IMAGE_FIELDS} />
            </OptionalFields>
            <UnknownFields at={["entrance"]} knownNames={ENTRANCE_FIELDS} />
          </>
        )}
        <ImageField at={["cover"]} label="Cover" hint="Shown in lists of worlds." />
      </Group>
      <Group title="Voice" of={[["subject"], ["styleTail"], ["narrate"]]}>
        <Prose
          at={["subject"]}
          label="Subject"
          rows={3}
          hint="The one description of the player’s character, repeated word for word in every prompt."
        />
        <Prose
          at={["styleTail"]}
          label="Style tail"
          hint="The one sentence of light and atmosphere that every prompt ends with."
        />
        <Switch
          at={["narrate"]}
          label="Narrate: derive a line from the scene"
          what="narration"
          hint="Where a state has no narration of its own."
        />
      </Group>
      <Group title="Clips before and after" of={[["introVideo"], ["introStatic"], ["outro"]]}>
        <Line at={["introVideo"]} label="Clip before play" what="the intro" mono />
        <Switch at={["introStatic"]} label="Ends on a still frame" what="the still end of the intro" />
        <OptionalFields
          at={["outro"]}
          noun="clip after"
          hint="Played once, when a flag is held in a state."
          initial={() => ({ video: "", flag: firstFlag(form), state: firstState(form) })}
        >
          <Line at={["outro", "video"]} label="Clip after" what="the clip of the outro" required mono />
          <FlagRef at={["outro", "flag"]} label="Once this is held" what="the flag of the outro" required />
          <StateRef at={["outro", "state"]} label="In this state" what="the state of the outro" />
          <UnknownFields at={["outro"]} knownNames={OUTRO_FIELDS} />
        </OptionalFields>
      </Group>
      <StoryFields />
      <CutscenesFields />
      <SequencesFields />
      <MissionsFields />
      <Group title="Other fields" note={String(unknownCount || "")} open={unknownCount > 0}>
        <div class="we-two">
          <Line at={["id"]} label="Id" mono />
          <Line at={["schemaVersion"]} label="Schema version" mono />
        </div>
        <UnknownFields at={[]} knownNames={OWN_FIELDS} adds />
        <SceneRest {...props} />
      </Group>
    </FormLayout>
  );
}

/** The scene's own fields, besides its states and events. */
function SceneRest({ store, actions }: FormProps): JSX.Element | null {
  const outer = useForm();
  const { scene } = store.doc.value;
  if (Object.keys(scene).length === 0) return null;
  const form: Form = {
    ...outer,
    body: scene,
    owner: "the scene",
    findings: [],
    change: changeForm(
      actions,
      () => store.doc.peek().scene,
      (before, after) => ({ ops: sceneOps(before, after) }),
    ),
  };
  return (
    <FormContext.Provider value={form}>
      <p class="wk-label">In the scene</p>
      <UnknownFields at={[]} knownNames={NO_FIELDS} />
    </FormContext.Provider>
  );
}

function Overview({ store, actions, form }: FormProps & { form: Form }): JSX.Element {
  const doc = store.doc.value;
  const graph = store.graph.value;
  const endings = graph.nodes.filter((node) => node.ending);
  const wins = endings.filter((node) => node.ending?.kind === "win").length;
  const errors = countOf(doc.diagnostics, "error");
  const problems = problemCounts(doc.diagnostics);
  const facts: [string, string][] = [
    [doc.states.length.toLocaleString("en"), doc.states.length === 1 ? "state" : "states"],
    [doc.events.length.toLocaleString("en"), doc.events.length === 1 ? "event" : "events"],
    [graph.flags.size.toLocaleString("en"), graph.flags.size === 1 ? "flag" : "flags"],
    [String(wins), wins === 1 ? "win" : "wins"],
    [String(endings.length - wins), endings.length - wins === 1 ? "loss" : "losses"],
  ];
  return (
    <>
      <h2 class="we-world-name">{text(doc.world.name) || text(doc.world.id) || "Untitled world"}</h2>
      <dl class="we-tally">
        {facts.map(([value, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="we-row">
        {problems === "" ? (
          <span class="we-good">
            <Icon name="check" /> The rules find no problem
          </span>
        ) : (
          <Button
            label={`${problems}: show them`}
            icon={errors > 0 ? "error" : "warning"}
            small
            kind="outline"
            onPress={() => actions.show("problems")}
          >
            {problems}
          </Button>
        )}
        <span class="wk-muted">{explorationNote(store.overlay.exploration.value)}</span>
      </div>
      <OtherFindings form={form} knownFields={OWN_FIELDS} />
    </>
  );
}

/** Return what the rules say of the world and its records, with fields as they stand in the world. */
export function worldFindings(doc: Pick<Doc, "world" | "diagnostics">): Diagnostic[] {
  const lists = { cutscene: "cutscenes", sequence: "sequences", mission: "missions" } as const;
  return doc.diagnostics.flatMap((diagnostic): Diagnostic[] => {
    const { item } = diagnostic;
    // What has no place of its own in the world's form is in the list of problems.
    if (item.kind === "world") return OWN_FIELDS.has(/^[^.[]*/.exec(item.field)?.[0] ?? "") ? [diagnostic] : [];
    const key = Object.hasOwn(lists, item.kind) ? lists[item.kind as keyof typeof lists] : null;
    const list = key === null ? null : doc.world[key];
    const index = Array.isArray(list) ? list.findIndex((one) => object(one).id === item.id) : -1;
    if (key === null || index < 0) return [];
    const place: Path = [key, index];
    const field = item.field === "" ? fieldName(place) : `${fieldName(place)}.${item.field}`;
    return [{ ...diagnostic, item: { ...item, field } }];
  });
}

function firstState(form: Form): string {
  const { nodes } = form.store.graph.peek();
  return nodes.find((node) => node.start)?.id ?? nodes[0]?.id ?? "";
}

function firstFlag(form: Form): string {
  const [flag = ""] = form.store.graph.peek().flags.keys();
  return flag;
}
