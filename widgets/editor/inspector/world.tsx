/** The world at a glance, when nothing is selected. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import { object, text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { AlsoKept, type FormProps } from "./parts";

const KNOWN = new Set(["schemaVersion", "id", "name", "description", "entrance"]);

export function WorldOverview({ store, actions }: FormProps): JSX.Element {
  const doc = store.doc.value;
  const graph = store.graph.value;
  const endings = graph.nodes.filter((node) => node.ending);
  const wins = endings.filter((node) => node.ending?.kind === "win").length;
  const entrance = text(object(doc.world.entrance).state);
  const errors = doc.diagnostics.filter((one) => one.severity === "error").length;
  const warnings = doc.diagnostics.filter((one) => one.severity === "warning").length;
  const found = [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""]
    .filter(Boolean)
    .join(", ");
  return (
    <div class="we-form">
      <h2 class="we-world-name">{text(doc.world.name) || text(doc.world.id) || "Untitled world"}</h2>
      {text(doc.world.description) ? <p class="we-reading">{text(doc.world.description)}</p> : null}
      <dl class="we-facts">
        <dt>Entrance</dt>
        <dd>
          {graph.byId.has(entrance) ? (
            <button
              type="button"
              class="wk-chip we-local wk-chip-accent"
              onClick={() => actions.select({ kind: "state", id: entrance }, "centre")}
            >
              <Icon name="start" />
              <span>{entrance}</span>
            </button>
          ) : (
            <span class="wk-error">none</span>
          )}
        </dd>
        <dt>States</dt>
        <dd>{graph.nodes.length.toLocaleString("en")}</dd>
        <dt>Events</dt>
        <dd>{doc.events.length.toLocaleString("en")}</dd>
        <dt>Endings</dt>
        <dd>{endings.length === 0 ? "none" : `${wins} win, ${endings.length - wins} lose`}</dd>
        <dt>Flags</dt>
        <dd>{graph.flags.size.toLocaleString("en")}</dd>
      </dl>
      <div class="we-row">
        {errors + warnings === 0 ? (
          <span class="we-good">
            <Icon name="check" /> No problems
          </span>
        ) : (
          <Button
            label={`${found}: show them`}
            icon={errors > 0 ? "error" : "warning"}
            small
            kind="outline"
            onPress={() => actions.show("problems")}
          >
            {found}
          </Button>
        )}
      </div>
      <p class="wk-hint">
        Select a state or an event to edit it. Double-click empty ground for a new state; drag from a card’s right edge
        to connect.
      </p>
      <AlsoKept
        body={{ ...doc.world, ...Object.fromEntries(Object.entries(doc.scene).map(([k, v]) => [`scene.${k}`, v])) }}
        known={KNOWN}
      />
    </div>
  );
}
