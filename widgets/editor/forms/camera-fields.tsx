/** Fields for camera and movement, and for the controls of a drive. */
import { Fragment, type JSX } from "preact";
import { text } from "../../shared/json";
import { Select } from "../../shared/ui/choice";
import { FieldFindings, type FieldProps, Line, OptionalFields, Prose, useField } from "./fields";
import { useForm } from "./form";
import { WordList } from "./list-fields";
import { fieldName, type Path } from "./paths";
import { UnknownFields } from "./unknown-fields";

type Drafts = (path: Path) => (draft: string | null) => void;

/** Camera and movement as pairs. An emptied half stays as an empty text while the other half says something. */
export function CameraFields({ at, drafts }: { at: Path; drafts?: Drafts }): JSX.Element {
  return (
    <>
      <HalfField at={[...at, "camera", "static"]} other="dynamic" label="Camera when standing still" drafts={drafts} />
      <HalfField at={[...at, "camera", "dynamic"]} other="static" label="Camera when travelling" drafts={drafts} />
      <HalfField
        at={[...at, "movement", "static"]}
        other="dynamic"
        label="Movement when standing still"
        drafts={drafts}
      />
      <HalfField at={[...at, "movement", "dynamic"]} other="static" label="Movement when travelling" drafts={drafts} />
      <UnknownFields at={[...at, "camera"]} knownNames={HALF_FIELDS} />
      <UnknownFields at={[...at, "movement"]} knownNames={HALF_FIELDS} />
    </>
  );
}

/** An event's own camera and movement: each a pair or one text, as it is; a new one as the world's other events have it. */
export function EventCameraFields({ drafts }: { drafts: Drafts }): JSX.Element {
  const form = useForm();
  const usesTexts = form.store.doc.value.events.some((event) => isText(event.camera) || isText(event.movement));
  return (
    <>
      {(["camera", "movement"] as const).map((key) => {
        const [label, what] = key === "camera" ? ["Camera", "the camera"] : ["Movement", "the movement"];
        const value = form.body[key];
        return isText(value) || (value === undefined && usesTexts) ? (
          <Prose key={key} at={[key]} label={label} what={what} onDraft={drafts([key])} />
        ) : (
          <Fragment key={key}>
            <HalfField at={[key, "static"]} other="dynamic" label={`${label} when standing still`} drafts={drafts} />
            <HalfField at={[key, "dynamic"]} other="static" label={`${label} when travelling`} drafts={drafts} />
            <UnknownFields at={[key]} knownNames={HALF_FIELDS} />
          </Fragment>
        );
      })}
    </>
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const HALF_FIELDS = new Set(["static", "dynamic"]);

function HalfField(props: { at: Path; other: string; label: string; drafts?: Drafts | undefined }): JSX.Element {
  const draft = props.drafts?.(props.at);
  return <Prose at={props.at} label={props.label} other={props.other} {...(draft ? { onDraft: draft } : {})} />;
}

const MOVES = [
  ["", "Stands"],
  ["forward", "Forward"],
  ["back", "Back"],
  ["strafe_left", "Strafe left"],
  ["strafe_right", "Strafe right"],
] as const;
const TURNS = [
  ["", "Ahead"],
  ["left", "Left"],
  ["right", "Right"],
] as const;
const TILTS = [
  ["", "Level"],
  ["up", "Up"],
  ["down", "Down"],
] as const;

/** The controls that are held. */
export function DriveFields({ at }: { at: Path }): JSX.Element {
  return (
    <div class="we-three">
      <Pick at={[...at, "movement"]} label="Moves" what="the movement" options={MOVES} />
      <Pick at={[...at, "lookHorizontal"]} label="Turns" what="the turn" options={TURNS} />
      <Pick at={[...at, "lookVertical"]} label="Tilts" what="the tilt" options={TILTS} />
    </div>
  );
}

export function Pick(
  props: FieldProps & { options: readonly (readonly [value: string, label: string])[] },
): JSX.Element {
  const { form, value, set } = useField(props);
  const current = text(value);
  const isOption = props.options.some(([key]) => key === current);
  return (
    <div class="wk-field" data-field={fieldName(props.at)}>
      <Select
        label={props.label}
        value={current}
        options={isOption ? props.options : [...props.options, [current, current]]}
        disabled={form.readOnly}
        onChange={(choice) => void set(choice === "" ? undefined : choice)}
      />
      <FieldFindings at={props.at} />
    </div>
  );
}

const AUTOPILOT_FIELDS = new Set(["movement", "lookHorizontal", "lookVertical", "keepCentered"]);
const CENTERED_FIELDS = new Set(["label", "aliases"]);

export function AutopilotFields(): JSX.Element {
  return (
    <>
      <DriveFields at={["autopilot"]} />
      <OptionalFields
        at={["autopilot", "keepCentered"]}
        noun="thing to keep centred"
        hint="The standing camera can keep one thing in the middle of the picture."
        initial={() => ({ label: "" })}
      >
        <Line at={["autopilot", "keepCentered", "label"]} label="Keeps centred" required placeholder="the lantern" />
        <WordList at={["autopilot", "keepCentered", "aliases"]} label="Also called" noun="alias" />
        <UnknownFields at={["autopilot", "keepCentered"]} knownNames={CENTERED_FIELDS} />
      </OptionalFields>
      <UnknownFields at={["autopilot"]} knownNames={AUTOPILOT_FIELDS} />
    </>
  );
}
