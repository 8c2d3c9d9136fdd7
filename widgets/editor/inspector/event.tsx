/** The form of an event. */
import type { JSX } from "preact";
import { readableName } from "../../shared/format";
import { isObject, object, text, texts } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import { DriveFields, EventCameraFields } from "../forms/camera-fields";
import { Line, Prose, Segments, Switch } from "../forms/fields";
import { type Form, useForm } from "../forms/form";
import { FormLayout, Group, OtherFindings } from "../forms/form-layout";
import { JsonView } from "../forms/json-view";
import { KeyCap } from "../forms/keycap";
import { Items } from "../forms/list-fields";
import { fieldName, type Path, put, read } from "../forms/paths";
import { eventPrompt, phasePrompt } from "../forms/prompts";
import { Flags, StateRef, StateRefs } from "../forms/reference-fields";
import { Seconds } from "../forms/seconds";
import { duration, playingMs } from "../forms/timing-text";
import { UnknownFields, unknownFields } from "../forms/unknown-fields";
import { PromptText } from "./budget";
import { eventChanges } from "./event-changes";
import { AnchorFields, LandingFields, TerminalFields, WaypointFields } from "./event-parts";
import type { FormProps } from "./parts";
import { useDrafts } from "./state";

const OWN_FIELDS = new Set(
  (
    "name kind from to base detail camera movement narration hotkey hidden oneShot requires grants lockedHint " +
    "anchor phases landWhen minPlayMs autoAfterMs drive drivePulseMs waypoint terminal"
  ).split(" "),
);
const PHASE_FIELDS = new Set(["base", "camera", "movement", "detail", "minMs"]);
const DRIVE_FIELDS = new Set(["movement", "lookHorizontal", "lookVertical"]);
const KINDS = [
  { value: "transition", label: "Transition", icon: "arrow" },
  { value: "override", label: "Override", icon: "override" },
  { value: "terminal", label: "Terminal", icon: "terminal" },
] as const;
const KIND_WORDS = new Map([
  ["transition", "Moves on to another state."],
  ["override", "Changes the picture and stays."],
  ["terminal", "Opens a console to type into, and changes nothing else."],
]);

export function EventForm(props: FormProps & { index: number }): JSX.Element | null {
  const { store, actions, index } = props;
  const doc = store.doc.value;
  const drafts = useDrafts();
  const event = doc.events[index];
  if (!event) return null;

  const name = text(event.name);
  const kind = text(event.kind, "transition");
  const readOnly = !store.editable.value;
  const { change, rename } = eventChanges(props, name, index);
  const form: Form = {
    store,
    actions,
    body: event,
    owner: name,
    readOnly,
    findings: doc.diagnostics.filter(({ item }) => item.kind === "event" && item.id === name),
    change,
  };
  const requires = texts(event.requires);
  const grants = texts(event.grants);
  const phases = Array.isArray(event.phases) ? event.phases.length : 0;
  const playing = playingMs(event);
  const unknown = unknownFields(event, OWN_FIELDS);

  const head = (
    <>
      <div class="we-name-row">
        <TextField label="Name" name="name" value={name} mono readOnly={readOnly} onCommit={rename} />
        <Button
          label={`Delete event ${name}`}
          icon="trash"
          kind="quiet"
          disabled={readOnly}
          onPress={() => void actions.remove()}
        />
      </div>
      <OtherFindings form={form} knownFields={OWN_FIELDS} />
    </>
  );

  return (
    <FormLayout form={form} label={`Event ${name}`} head={head}>
      <div class="we-fields">
        <Line
          at={["detail"]}
          label="What the player reads"
          what="the words"
          placeholder={readableName(name)}
          hint="Button text. Empty: its name."
        />
        <Segments
          at={["kind"]}
          label="Kind"
          choices={KINDS}
          hint={KIND_WORDS.get(kind) ?? null}
          onPick={(choice) =>
            void form.change(`Make ${name} ${choice === "override" ? "an" : "a"} ${choice}`, (body) =>
              put(body, ["kind"], choice),
            )
          }
        />
        <StateRefs at={["from"]} label="Offered in" what="the sources" required />
        {kind === "transition" || event.to !== undefined ? (
          <StateRef
            at={["to"]}
            label="Leads to"
            what="the destination"
            cuts
            clearable
            after={<EditCut {...props} to={text(event.to)} />}
          />
        ) : null}
        <Prose
          at={["base"]}
          label="What is seen while it plays"
          what="the scene"
          rows={4}
          placeholder={
            kind === "transition" ? "Empty: the text of the scene it leads to is used." : "Concrete, visible things."
          }
          onDraft={drafts.at(["base"])}
        />
        <Prose
          at={["narration"]}
          label="Narration"
          hint="Shown to the player while it plays; never part of a prompt."
        />
      </div>
      <Group
        title="Flags: lock and key"
        note={flagNote(requires, grants)}
        of={[["requires"], ["grants"], ["lockedHint"]]}
        open
      >
        <Flags at={["requires"]} label="Requires" asks />
        <Prose
          at={["lockedHint"]}
          label="Hint while locked"
          what="the hint"
          hint={
            requires.length > 0 && event.lockedHint === undefined
              ? "Without a hint it is not shown at all until every flag is held."
              : "Shown, with a padlock, while a flag is missing."
          }
        />
        <Flags at={["grants"]} label="Grants" asks={false} />
      </Group>
      <Group title="The prompt as it is sent" open={false}>
        <PromptText words={eventPrompt(doc, drafts.applied(event))} />
      </Group>
      <Group title="Camera and movement" of={[["camera"], ["movement"]]}>
        <EventCameraFields drafts={drafts.at} />
      </Group>
      <Group title="Phases" note={phases > 0 ? `${phases}, ${duration(playing)} in all` : ""} of={[["phases"]]}>
        <p class="wk-hint">The action in beats; each plays 5 s unless it sets a length.</p>
        <Items
          at={["phases"]}
          noun="phase"
          fewest={2}
          title={(item) => text(object(item).base)}
          initial={(phases) => newPhase(phases.length)}
        >
          {(at) => <PhaseFields at={at} />}
        </Items>
      </Group>
      <Group
        title="How it is triggered"
        note={typeof event.autoAfterMs === "number" ? `by itself after ${duration(event.autoAfterMs)}` : ""}
        of={[["hotkey"], ["hidden"], ["oneShot"], ["autoAfterMs"]]}
        open={
          ["hidden", "oneShot", "autoAfterMs"].some((key) => event[key] !== undefined) ||
          typeof event.hotkey === "string"
        }
      >
        <KeyCap index={index} />
        <Switch
          at={["hidden"]}
          label="Hidden: no button for it"
          what="hiding"
          hint={event.hidden === true ? "It fires by time, by a trigger zone, by a waypoint, or from code." : null}
        />
        <Switch at={["oneShot"]} label="Once per run" what="once per run" />
        <Seconds at={["autoAfterMs"]} label="Fires by itself after" what="the timer" fallback="never" />
      </Group>
      <Group title="Thing to click" note={text(object(event.anchor).label)} of={[["anchor"]]}>
        <AnchorFields />
      </Group>
      <Group
        title="Landing"
        note={playing > 0 ? `plays ${duration(playing)} first` : ""}
        of={[["landWhen"], ["minPlayMs"]]}
      >
        <LandingFields />
      </Group>
      <Group title="Drive" of={[["drive"], ["drivePulseMs"]]}>
        <p class="wk-hint">Controls held while it plays.</p>
        <DriveFields at={["drive"]} />
        <Seconds at={["drivePulseMs"]} label="Release after" what="the pulse of the drive" fallback="when it ends" />
        <UnknownFields at={["drive"]} knownNames={DRIVE_FIELDS} />
      </Group>
      <Group title="Waypoint" note={text(object(event.waypoint).label)} of={[["waypoint"]]}>
        <WaypointFields />
      </Group>
      {kind === "terminal" || isObject(event.terminal) ? (
        <Group title="Terminal" of={[["terminal"]]} open>
          <TerminalFields />
        </Group>
      ) : null}
      <Group title="Other fields" note={String(unknown.length || "")} open={unknown.length > 0}>
        <UnknownFields at={[]} knownNames={OWN_FIELDS} adds />
      </Group>
      <JsonView />
    </FormLayout>
  );
}

/** Return a new phase: a move has two or more, and each says something. */
export function newPhase(index: number): { readonly base: string } {
  return { base: index === 0 ? "What happens first." : "What happens next." };
}

export function PhaseFields({ at }: { at: Path }): JSX.Element {
  const form = useForm();
  const drafts = useDrafts();
  return (
    <>
      <Prose
        at={[...at, "base"]}
        label="What is seen"
        what="the scene"
        required
        rows={3}
        onDraft={drafts.at([...at, "base"])}
      />
      <Prose at={[...at, "camera"]} label="Camera" onDraft={drafts.at([...at, "camera"])} />
      <Prose at={[...at, "movement"]} label="Movement" what="the movement" onDraft={drafts.at([...at, "movement"])} />
      <Prose at={[...at, "detail"]} label="Detail" onDraft={drafts.at([...at, "detail"])} />
      <Seconds at={[...at, "minMs"]} label="Plays" what="the length" fallback={5000} hint="At least 1." />
      <Group title="Its prompt as it is sent" open={false}>
        <PromptText words={phasePrompt(object(read(drafts.applied(form.body), at)))} />
      </Group>
      <UnknownFields at={at} knownNames={PHASE_FIELDS} />
    </>
  );
}

/** The way from an event that goes by a cutscene to the cutscene's own fields, which are the world's. */
function EditCut({ store, actions, to }: FormProps & { to: string }): JSX.Element | null {
  const cuts = store.doc.value.world.cutscenes;
  const at = Array.isArray(cuts) ? cuts.findIndex((cut) => object(cut).id === to) : -1;
  if (at < 0) return null;
  return (
    <button
      type="button"
      class="we-inline-link"
      onClick={() => {
        actions.select(null);
        store.fieldToFocus.value = fieldName(["cutscenes", at, "video"]);
      }}
    >
      Edit the cutscene
    </button>
  );
}

function flagNote(requires: readonly string[], grants: readonly string[]): string {
  const parts: string[] = [];
  if (requires.length > 0) parts.push(`needs ${requires.length}`);
  if (grants.length > 0) parts.push(`grants ${grants.length}`);
  return parts.join(", ");
}
