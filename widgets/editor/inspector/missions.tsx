/** Missions: those compiled into the graph, and a form for a new one, which is compiled when it is added. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { sentence } from "../../shared/format";
import { object, text } from "../../shared/json";
import { chord } from "../../shared/keys";
import { Button } from "../../shared/ui/button";
import { Problem } from "../../shared/ui/problem";
import { freeName } from "../data/names";
import { Line, Num, OptionalFields, Prose } from "../forms/fields";
import { DELETED_MESSAGE, type Form, FormContext, useForm } from "../forms/form";
import { Group } from "../forms/form-layout";
import { Items, WordList } from "../forms/list-fields";
import { fieldName, type Path } from "../forms/paths";
import { FlagRef, Flags, StateRef } from "../forms/reference-fields";
import { UnknownFields } from "../forms/unknown-fields";
import { beginMission, isFollowing, missionDraft, missionOps } from "../writing/mission-draft";
import { newPhase, PhaseFields } from "./event";

const MISSION_FIELDS = new Set(["id", "title", "objectives", "complete", "verified", "win"]);
const OBJECTIVE_FIELDS = new Set(
  "id text location base camera movement action phases grounded outcome grants requires lockedHint fail".split(" "),
);
const GROUNDED_FIELDS = new Set(["target", "targetAliases", "confirm", "confirmAliases", "proximity"]);
const FAIL_FIELDS = new Set(["name", "action", "outcome", "title", "subtitle"]);

export function MissionsFields(): JSX.Element {
  const form = useForm();
  const missions = Array.isArray(form.body.missions) ? form.body.missions : [];
  return (
    <Group title="Missions" note={missions.length > 0 ? String(missions.length) : ""} of={[["missions"]]}>
      {missions.length > 0 ? (
        <>
          <p class="wk-hint">
            A record: each was compiled into states and events, which stay as they are when it is changed or removed.
          </p>
          <Items
            at={["missions"]}
            noun="mission"
            adds={false}
            title={(item) => text(object(item).title)}
            initial={() => ({})}
          >
            {(at) => <MissionFields at={at} />}
          </Items>
        </>
      ) : null}
      <NewMission />
    </Group>
  );
}

function MissionFields({ at, fresh = false }: { at: Path; fresh?: boolean }): JSX.Element {
  return (
    <>
      <Line at={[...at, "title"]} label="Title" required placeholder="First watch" />
      {fresh ? null : <Line at={[...at, "id"]} label="Id" required mono />}
      <p class="wk-label">Objectives, in order</p>
      <Items
        at={[...at, "objectives"]}
        noun="objective"
        required
        unfolded={fresh}
        title={(item) => text(object(item).text)}
        initial={(objectives) => ({
          id: freeName("objective", (id) => objectives.some((one) => object(one).id === id)),
          text: "",
        })}
      >
        {(place) => <ObjectiveFields at={place} />}
      </Items>
      <FlagRef
        at={[...at, "complete"]}
        label="Complete once this is held"
        what="the flag of completion"
        hint="Empty: the flag of the last objective."
      />
      {fresh ? (
        <>
          <Line at={[...at, "win", "title"]} label="Winning title" placeholder="MISSION COMPLETE" />
          <Line at={[...at, "win", "subtitle"]} label="Winning subtitle" placeholder="the mission’s title" />
        </>
      ) : (
        <WordList
          at={[...at, "verified"]}
          label="Seen in pictures"
          noun="target"
          hint="Targets that were found in a picture."
        />
      )}
      <UnknownFields at={at} knownNames={MISSION_FIELDS} />
    </>
  );
}

function ObjectiveFields({ at }: { at: Path }): JSX.Element {
  return (
    <>
      <Line
        at={[...at, "text"]}
        label="What the player is told"
        what="the words"
        required
        placeholder="Wind the clockwork"
      />
      <StateRef at={[...at, "location"]} label="Where" what="the location" clearable />
      <Prose at={[...at, "action"]} label="What is seen while it is done" what="the action" />
      <Prose at={[...at, "outcome"]} label="What is seen afterwards" what="the outcome" />
      <FlagRef at={[...at, "grants"]} label="Grants" hint="Empty: its own id." />
      <Flags at={[...at, "requires"]} label="Requires" asks hint="Empty: the objective before it." />
      <Group
        title="More of this objective"
        of={["base", "camera", "movement", "lockedHint", "phases", "grounded", "fail"].map((key) => [...at, key])}
      >
        <Line at={[...at, "id"]} label="Id" required mono />
        <Prose at={[...at, "lockedHint"]} label="Hint while locked" what="the hint" />
        <Prose at={[...at, "base"]} label="What the camera sees there" what="the scene" />
        <Prose at={[...at, "camera"]} label="Camera" />
        <Prose at={[...at, "movement"]} label="Movement" what="the movement" />
        <p class="wk-label">Phases</p>
        <Items
          at={[...at, "phases"]}
          noun="phase"
          fewest={2}
          title={(item) => text(object(item).base)}
          initial={(phases) => newPhase(phases.length)}
        >
          {(phase) => <PhaseFields at={phase} />}
        </Items>
        <OptionalFields
          at={[...at, "grounded"]}
          noun="thing in the picture"
          hint="What is clicked for it, and what confirms it."
          initial={() => ({ target: "" })}
        >
          <Line at={[...at, "grounded", "target"]} label="What is clicked" what="the target" required />
          <WordList at={[...at, "grounded", "targetAliases"]} label="Also called" noun="alias" />
          <Num
            at={[...at, "grounded", "proximity"]}
            label="Near enough at"
            what="the proximity"
            least={0}
            most={1}
            fallback={0.1}
          />
          <Line at={[...at, "grounded", "confirm"]} label="What confirms it" what="the confirmation" />
          <WordList at={[...at, "grounded", "confirmAliases"]} label="Also called" noun="alias" />
          <UnknownFields at={[...at, "grounded"]} knownNames={GROUNDED_FIELDS} />
        </OptionalFields>
        <OptionalFields
          at={[...at, "fail"]}
          noun="way to fail"
          hint="A move that loses: its name, what is seen, and where it ends."
          initial={() => ({ name: "", action: "", outcome: "" })}
        >
          <Line at={[...at, "fail", "name"]} label="Event name" what="the failing event" required mono />
          <Prose at={[...at, "fail", "action"]} label="What is seen" what="the failing action" required />
          <Prose at={[...at, "fail", "outcome"]} label="How it ends" what="the failing outcome" required />
          <Line at={[...at, "fail", "title"]} label="Losing title" placeholder="FAILED" />
          <Line at={[...at, "fail", "subtitle"]} label="Losing subtitle" />
          <UnknownFields at={[...at, "fail"]} knownNames={FAIL_FIELDS} />
        </OptionalFields>
      </Group>
      <UnknownFields at={at} knownNames={OBJECTIVE_FIELDS} />
    </>
  );
}

// ---- a new one ---------------------------------------------------------------------------------

function NewMission(): JSX.Element | null {
  const outer = useForm();
  const { store, actions } = outer;
  const draft = missionDraft(store);
  const [problem, setProblem] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  if (draft.value === null) {
    return outer.readOnly ? null : (
      <Button
        icon="plus"
        small
        kind="outline"
        disabled={store.graph.value.nodes.length === 0}
        onPress={() => beginMission(store)}
      >
        Add a mission
      </Button>
    );
  }
  const form: Form = {
    ...outer,
    body: draft.value,
    owner: "the new mission",
    readOnly: isAdding || outer.readOnly,
    findings: [],
    change: (_, make) =>
      actions.inTurn(async () => {
        const before = draft.peek();
        const after = before && make(before);
        if (!after) return DELETED_MESSAGE;
        draft.value = after;
        return null;
      }),
  };
  const add = () => {
    if (!actions.mayEdit()) return;
    setAdding(true);
    void actions
      .inTurn(async () => {
        const mission = draft.peek();
        if (!mission) return;
        const objectives = Array.isArray(mission.objectives) ? mission.objectives : [];
        const empty = objectives.findIndex((objective) => text(object(objective).text).trim() === "");
        if (empty >= 0) {
          store.notices.show("An objective needs the words that the player is told.");
          store.fieldToFocus.value = fieldName(["objectives", empty, "text"]);
          return;
        }
        const label = `Add mission ${text(mission.title)}`;
        const outcome = await actions.edit(missionOps(store, mission), { label, quiet: true });
        setAdding(false); // with the problem: the buttons that come back would push it out of sight
        if (draft.peek() !== mission) return; // it was discarded meanwhile
        setProblem(outcome.ok ? null : sentence(outcome.reply.message));
        if (outcome.ok) draft.value = null;
      })
      .finally(() => setAdding(false));
  };
  return (
    <FormContext.Provider value={form}>
      <DraftFields onAdd={add}>
        <p class="wk-hint">
          {isFollowing(store, draft.value)
            ? "Your events give these flags already: the mission follows them, and nothing is added to the map."
            : "Each objective becomes an event that grants its flag, and the last one wins; places that do not exist yet become states. For a mission that follows your own events, choose flags of theirs under Grants."}{" "}
          You can undo it. Ctrl+Enter adds it.
        </p>
        <MissionFields at={[]} fresh />
        <Problem text={problem} role="alert" />
        <div class="we-row">
          <Button label="Add the mission to the world" icon="check" small kind="primary" onPress={add}>
            Add the mission
          </Button>
          <Button
            label="Discard the new mission"
            small
            kind="quiet"
            onPress={() => {
              draft.value = null;
              setProblem(null);
            }}
          >
            Discard
          </Button>
        </div>
      </DraftFields>
    </FormContext.Provider>
  );
}

function DraftFields({ children, onAdd }: { children: ComponentChildren; onAdd: () => void }): JSX.Element {
  return (
    <section
      class="we-draft"
      aria-label="A new mission"
      // What the field itself does with the key comes first: what is typed is a part of the mission.
      onKeyDown={(event) => chord(event) === "mod+enter" && onAdd()}
    >
      <h3>A new mission</h3>
      {children}
    </section>
  );
}
