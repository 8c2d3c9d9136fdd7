/** The tags of a world, and the fields by which states get a region and tags. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../shared/format";
import type { Tag } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import type { FormProps } from "../inspector/parts";
import { ColourField, Spot } from "./parts";

export function Tags(props: FormProps): JSX.Element {
  const { tags, tagged } = props.store.onMap.annotations.value;
  const uses = new Map<string, number>();
  for (const names of tagged.values()) for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  return (
    <section class="wn-section" aria-label="Tags">
      <h3>Tags</h3>
      {tags.size === 0 ? <p class="wk-hint">Select states and give them a tag in their form.</p> : null}
      <ul class="wn-list">
        {[...tags].map(([name, tag]) => (
          <TagRow key={name} {...props} name={name} tag={tag} uses={uses.get(name) ?? 0} />
        ))}
      </ul>
    </section>
  );
}

function TagRow({
  store,
  actions,
  name,
  tag,
  uses,
}: FormProps & { name: string; tag: Tag; uses: number }): JSX.Element {
  const [open, setOpen] = useState(false);
  const editable = store.editable.value;
  const isLit = store.onMap.litTags.value.has(name);
  return (
    <li class={open ? "wn-open" : ""}>
      <div class="wn-row">
        <button type="button" class="we-link" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Spot colour={tag.color} />
          <span class="we-link-name">{name}</span>
          <small>{count(uses, "state")}</small>
        </button>
        <Button
          label={isLit ? `Show all states again, not only ${name}` : `Make ${name} stand out`}
          tooltip={isLit ? "Show all states alike" : "Make it stand out: dim the other states"}
          icon="eye"
          small
          kind="quiet"
          pressed={isLit}
          onPress={() => actions.lightTag(name)}
        />
      </div>
      {open ? (
        <div class="wn-details">
          <ColourField
            of={name}
            colour={tag.color}
            disabled={!editable}
            onPick={(color) => void actions.annotate({ tags: { [name]: { ...tag, color } } }, `Colour ${name}`)}
          />
          <Button
            label={`Delete the tag ${name}; the states stay`}
            icon="trash"
            small
            kind="outline"
            disabled={!editable}
            onPress={() => void actions.annotate({ tags: { [name]: null } }, `Delete tag ${name}`)}
          >
            Delete
          </Button>
        </div>
      ) : null}
    </li>
  );
}

/** The region and the tags of one state or of several, in their form. */
export function PlaceFields({ store, actions, states }: FormProps & { states: readonly string[] }): JSX.Element {
  const { regions, tags, tagged } = store.onMap.annotations.value;
  const editable = store.editable.value;
  const [first] = states;
  const owners = new Set(states.map((state) => store.onMap.regionOf.value.get(state) ?? ""));
  const owner = owners.size === 1 ? [...owners][0] : undefined;
  const names = [...tags.keys()].filter((name) => states.every((state) => tagged.get(state)?.includes(name)));
  return (
    <div class="wn-place">
      {states.length === 1 && regions.size > 0 ? (
        <label class="wn-region">
          <span aria-hidden="true">Region</span>
          <select
            class="wk-input"
            aria-label="Region"
            value={owner ?? ""}
            disabled={!editable}
            onChange={(event) => {
              const region = event.currentTarget.value || null;
              // The kernel decides: what shows is its value until the change comes back.
              event.currentTarget.value = owner ?? "";
              void actions.moveToRegion(first ?? "", region);
            }}
          >
            <option value="">None</option>
            {[...regions].map(([id, { name }]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <div class="wn-tags">
        {names.map((name) => (
          <span key={name} class="wk-chip wn-tag">
            <Spot colour={tags.get(name)?.color ?? "grey"} />
            <span>{name}</span>
            <Button
              label={`Remove the tag ${name}`}
              icon="close"
              small
              kind="quiet"
              disabled={!editable}
              onPress={() => void actions.tag(name, states, false)}
            />
          </span>
        ))}
        <TextField
          label="Add a tag"
          hideLabel
          value=""
          placeholder="Add a tag"
          readOnly={!editable}
          suggestions={[...tags.keys()].filter((name) => !names.includes(name))}
          onCommit={async (name) => {
            if (name.trim() === "") return null;
            return (await actions.tag(name, states, true)) ? null : "The tag was not saved.";
          }}
        />
      </div>
    </div>
  );
}
