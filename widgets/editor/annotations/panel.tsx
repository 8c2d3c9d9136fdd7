/** The panel of what is on the map besides the world: regions, to-dos, notes, tags and saved views. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import type { FormProps } from "../inspector/parts";
import { Notes } from "./notes";
import { Regions } from "./regions";
import { Tags } from "./tags";

export function MapPanel(props: FormProps): JSX.Element {
  return (
    <div class="we-form wn-panel">
      <p class="wk-hint">For your own planning. It is not part of the world, and players never see it.</p>
      <Regions {...props} />
      <Notes {...props} />
      <Tags {...props} />
      <Views {...props} />
    </div>
  );
}

function Views({ store, actions }: FormProps): JSX.Element {
  const { views } = store.onMap.annotations.value;
  const editable = store.editable.value;
  return (
    <section class="wn-section" aria-label="Saved views">
      <h3>Saved views</h3>
      <ul class="wn-list">
        {[...views].map(([id, view]) => (
          <li key={id} class="wn-row">
            <button type="button" class="we-link" onClick={() => actions.showView(id)}>
              <span class="we-link-name">{view.name}</span>
            </button>
            <Button
              label={`Delete the view ${view.name}`}
              icon="close"
              small
              kind="quiet"
              disabled={!editable}
              onPress={() => void actions.annotate({ views: { [id]: null } }, `Delete view ${view.name}`)}
            />
          </li>
        ))}
      </ul>
      <TextField
        label="Save the current view as"
        value=""
        placeholder="Name, then Enter"
        readOnly={!editable}
        onCommit={async (name) => {
          if (name.trim() === "" || (await actions.saveView(name.trim()))) return null;
          return "It was not saved.";
        }}
      />
    </section>
  );
}
