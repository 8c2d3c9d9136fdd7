/** The forms of an event's nested objects: anchor, landing, waypoint and terminal. */
import type { JSX } from "preact";
import { isObject, object, text } from "../../shared/json";
import { Line, Num, OptionalFields, Prose, Switch } from "../forms/fields";
import { useForm } from "../forms/form";
import { Items, WordList } from "../forms/list-fields";
import { Flags, stateAt } from "../forms/reference-fields";
import { Seconds } from "../forms/seconds";
import {
  approachM,
  DEFAULT_METRES_PER_SECOND,
  landingWords,
  number,
  TIMEOUT_MS,
  waypointWords,
} from "../forms/timing-text";
import { UnknownFields } from "../forms/unknown-fields";

const ANCHOR_FIELDS = new Set(["label", "aliases", "minProximity", "expectedAspect"]);
const ASPECT_FIELDS = new Set(["min", "max"]);
const LANDING_FIELDS = new Set(
  "label aliases minExtent minLuminance maxLuminance minMotion maxMotion hits timeoutMs auto".split(" "),
);
const WAYPOINT_FIELDS = new Set(["label", "distanceM", "speedMs", "approachM"]);
const TERMINAL_FIELDS = new Set(["persona", "greeting", "facts"]);
const FACT_FIELDS = new Set(["text", "requires"]);

export function AnchorFields(): JSX.Element {
  return (
    <OptionalFields
      at={["anchor"]}
      noun="thing to click"
      hint="A thing in the picture: clicking it fires the event, besides its button."
      initial={() => ({ label: "", minProximity: 0.15 })}
    >
      <Line at={["anchor", "label"]} label="What is clicked" what="the anchor" required placeholder="the brass key" />
      <WordList at={["anchor", "aliases"]} label="Also called" noun="alias" />
      <Num
        at={["anchor", "minProximity"]}
        label="Near enough at"
        what="the proximity of the anchor"
        least={0}
        most={1}
        hint="The short side of its box, 0 to 1 of the picture."
      />
      <OptionalFields
        at={["anchor", "expectedAspect"]}
        noun="expected shape"
        hint="Boxes of another shape can be left out: width divided by height."
        initial={() => ({ min: 0.5, max: 2 })}
      >
        <div class="we-two">
          <Num at={["anchor", "expectedAspect", "min"]} label="Narrowest" what="the narrowest shape" required />
          <Num at={["anchor", "expectedAspect", "max"]} label="Widest" what="the widest shape" required />
        </div>
        <UnknownFields at={["anchor", "expectedAspect"]} knownNames={ASPECT_FIELDS} />
      </OptionalFields>
      <UnknownFields at={["anchor"]} knownNames={ANCHOR_FIELDS} />
    </OptionalFields>
  );
}

export function LandingFields(): JSX.Element {
  const form = useForm();
  const spec = object(form.body.landWhen);
  const set = isObject(form.body.landWhen);
  return (
    <>
      {set || form.body.kind === "transition" ? (
        <p class="we-fact-line">{landingWords(form.body, text(stateAt(form, ["to"])?.arriveLabel))}</p>
      ) : null}
      <Seconds at={["minPlayMs"]} label="Plays at least" what="the least time" fallback={0} />
      <Line at={["landWhen", "label"]} label="Something is seen" what="the landing label" placeholder="the lit lamp" />
      {spec.label !== undefined || spec.aliases !== undefined ? (
        <WordList at={["landWhen", "aliases"]} label="Also called" noun="alias" />
      ) : null}
      <Num
        at={["landWhen", "minExtent"]}
        label="It covers at least"
        what="the extent"
        least={0}
        most={1}
        hint="0 to 1 of the picture."
      />
      <div class="we-two">
        <Num at={["landWhen", "minLuminance"]} label="Brightness from" what="the least brightness" fallback={0} />
        <Num at={["landWhen", "maxLuminance"]} label="to" what="the greatest brightness" fallback={255} />
      </div>
      <div class="we-two">
        <Num at={["landWhen", "minMotion"]} label="Motion from" what="the least motion" fallback={0} />
        <Num at={["landWhen", "maxMotion"]} label="to" what="the greatest motion" fallback={255} />
      </div>
      {set ? (
        <>
          <div class="we-two">
            <Num at={["landWhen", "hits"]} label="Checks needed" what="the checks" least={1} fallback={1} />
            {spec.auto === true ? null : (
              <Seconds at={["landWhen", "timeoutMs"]} label="Timeout" what="the timeout" fallback={TIMEOUT_MS} />
            )}
          </div>
          <Switch
            at={["landWhen", "auto"]}
            label="Trigger zone: fires by itself"
            what="the trigger zone"
            hint="Checks are 0.7 s apart; a trigger zone counts checks in a row."
          />
        </>
      ) : null}
      <UnknownFields at={["landWhen"]} knownNames={LANDING_FIELDS} />
    </>
  );
}

export function WaypointFields(): JSX.Element {
  const form = useForm();
  const waypoint = object(form.body.waypoint);
  const distance = number(waypoint.distanceM);
  const near = distance === null ? "" : String(Math.round(approachM(distance) * 10) / 10);
  return (
    <OptionalFields
      at={["waypoint"]}
      noun="waypoint"
      hint="A place reached by travelling: it comes nearer while forward is held, and fires the event."
      initial={() => ({ label: "", distanceM: 100 })}
    >
      <Line at={["waypoint", "label"]} label="Waypoint name" what="the waypoint" required placeholder="Skarra light" />
      <div class="we-three">
        <Num at={["waypoint", "distanceM"]} label="Distance" what="the distance" unit="m" least={0} above required />
        <Num
          at={["waypoint", "speedMs"]}
          label="Speed"
          unit="m/s"
          least={0}
          above
          fallback={DEFAULT_METRES_PER_SECOND}
        />
        <Num
          at={["waypoint", "approachM"]}
          label="Near from"
          what="the approach"
          unit="m"
          least={0}
          above
          fallback={near}
        />
      </div>
      <p class="we-fact-line">{waypointWords(waypoint)}</p>
      <UnknownFields at={["waypoint"]} knownNames={WAYPOINT_FIELDS} />
    </OptionalFields>
  );
}

export function TerminalFields(): JSX.Element {
  const form = useForm();
  const facts = object(form.body.terminal).facts;
  return (
    <OptionalFields
      at={["terminal"]}
      noun="console"
      hint="A terminal without a console opens nothing."
      initial={() => ({ persona: "" })}
    >
      <Prose
        at={["terminal", "persona"]}
        label="Persona"
        required
        rows={3}
        hint="Who the console is and how it speaks."
      />
      <Prose at={["terminal", "greeting"]} label="Greeting" hint="What it says first." />
      <p class="wk-label">Facts{Array.isArray(facts) ? ` (${facts.length})` : ""}</p>
      <p class="wk-hint">What it may say. A fact whose flags are not held is withheld from it entirely.</p>
      <Items
        at={["terminal", "facts"]}
        noun="fact"
        title={(item) => text(object(item).text)}
        initial={() => ({ text: "" })}
      >
        {(at) => (
          <>
            <Prose at={[...at, "text"]} label="Fact" required />
            <Flags at={[...at, "requires"]} label="Known once these are held" asks />
            <UnknownFields at={at} knownNames={FACT_FIELDS} />
          </>
        )}
      </Items>
      <UnknownFields at={["terminal"]} knownNames={TERMINAL_FIELDS} />
    </OptionalFields>
  );
}
