/** The picture of the state the player is in: layers that move against each other, fading from one state to the next. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { StatePicture as Picture, PlayerView } from "../../shared/protocol";
import { imageUrl } from "../../shared/state-pictures";
import { Button } from "../../shared/ui/button";
import type { Store } from "../store";

interface Shown {
  readonly state: string;
  readonly picture: Picture;
}

export function StatePicture({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const isHidden = store.pictureHidden.value;
  const { src, label } = view.picture ?? {};
  // the same object for the same picture: another one fades in
  const own = useMemo(
    (): Picture | null =>
      src === undefined || label === undefined
        ? null
        : { kind: "entrance", label, note: "", src, layers: [], motion: "push" },
    [src, label],
  );
  if (isHidden) {
    return (
      <p class="wk-state-picture-toggle">
        <Button icon="eye" small kind="outline" onPress={() => hide(store, false)}>
          Show the picture
        </Button>
      </p>
    );
  }
  const picture = own ?? store.pictures.of(view.state.id);
  return <Frame store={store} shown={picture ? { state: view.state.id, picture } : null} />;
}

function hide(store: Store, isHidden: boolean): void {
  store.pictureHidden.value = isHidden;
}

function Frame({ store, shown }: { store: Store; shown: Shown | null }): JSX.Element {
  const [isNoteOpen, setNoteOpen] = useState(false);
  const [pair, setPair] = useState<readonly [now: Shown | null, before: Shown | null]>([shown, null]);
  const [now, before] = pair;
  useEffect(() => {
    if (shown && (shown.state !== now?.state || shown.picture !== now.picture)) setPair([shown, now]);
  }, [shown?.state, shown?.picture]);
  return (
    <figure class="wk-state-picture" data-state={now?.state} data-kind={now?.picture.kind}>
      {before ? <Layers key={keyOf(before)} shown={before} isGone onGone={() => setPair([now, null])} /> : null}
      {now ? <Layers key={keyOf(now)} shown={now} /> : null}
      <figcaption>
        {isNoteOpen && now?.picture.note ? <span class="wk-state-picture-note">{now.picture.note}</span> : null}
        {now?.picture.note ? (
          <Button
            label="About the picture"
            icon="info"
            small
            expanded={isNoteOpen}
            onPress={() => setNoteOpen(!isNoteOpen)}
          />
        ) : null}
        <Button label="Hide the picture" icon="hidden" small onPress={() => hide(store, true)} />
      </figcaption>
    </figure>
  );
}

let count = 0;
const keys = new WeakMap<Picture, string>();

/** One key a picture: the same state may have another one later. */
function keyOf({ picture }: Shown): string {
  let key = keys.get(picture);
  if (key === undefined) {
    count += 1;
    key = String(count);
    keys.set(picture, key);
  }
  return key;
}

interface LayersProps {
  readonly shown: Shown;
  readonly isGone?: boolean;
  readonly onGone?: () => void;
}

function Layers({ shown: { picture }, isGone = false, onGone }: LayersProps): JSX.Element {
  const label = isGone ? "" : picture.label;
  return (
    <div
      class={isGone ? "wk-state-picture-layers wk-state-picture-gone" : "wk-state-picture-layers"}
      data-motion={picture.motion}
      aria-hidden={isGone}
      onAnimationEnd={(event) => event.target === event.currentTarget && onGone?.()}
    >
      {picture.layers.length === 0 ? (
        <img class="wk-state-picture-whole" src={picture.src} alt={label} />
      ) : (
        picture.layers.map((svg, at) => (
          <img key={at} data-depth={at} src={imageUrl(svg)} alt={at === 0 ? label : ""} draggable={false} />
        ))
      )}
    </div>
  );
}
