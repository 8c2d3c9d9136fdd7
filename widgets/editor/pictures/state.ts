/** The pictures of states on the map: whether they are shown, and what is there of them. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Doc } from "../../map/document";
import type { Node } from "../../map/graph";
import { openRasters, type Raster } from "../../map/rasters";
import type { Disposal } from "../../shared/disposal";
import { trait } from "../../shared/host";
import { type JsonObject, object, text } from "../../shared/json";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { StatePicture } from "../../shared/protocol";
import { openPictures, thumbnailUrl } from "../../shared/state-pictures";

/** So many pictures are kept: more than are ever shown at once. */
const MAX_PICTURES = 400;

export interface CardPicture {
  readonly url: string;
  /** What to tell of it: what it shows where the world holds it, else that it is a sketch. */
  readonly words: string;
}

/** What the canvas draws; another object whenever any of it changed. */
export interface Thumbnails {
  /** The picture of a state at the size of a small card; null until it is there. Asking for it orders it. */
  of(node: Node): Raster | null;
}

export interface MapPictures {
  /** Whether the map shows pictures; every view of the editor shows the same. */
  readonly areOn: ReadonlySignal<boolean>;
  toggle(): void;
  /** The picture of a state's card; null until it is there. Asking for it orders it. */
  of(node: Node): CardPicture | null;
  readonly thumbnails: ReadonlySignal<Thumbnails | null>;
  /** Whether pictures that are in sight are not there yet. */
  readonly areDue: ReadonlySignal<boolean>;
}

/** What pictures depend on besides the states themselves. */
const LAYERS = ["name", "description", "subject", "styleTail", "entrance", "cover"] as const;

export function openMapPictures(
  model: WidgetModel,
  link: Link,
  doc: ReadonlySignal<Doc>,
  online: ReadonlySignal<boolean>,
  disposal: Disposal,
): MapPictures {
  const showsPictures = trait(model, "pictures", true, disposal);
  const pictures = openPictures(link, "thumbnail", MAX_PICTURES);
  const rasters = openRasters(disposal);
  disposal.add(pictures.dispose);

  // A kernel that is busy for a while takes no picture away; where there never was one, none is expected.
  const hasKernel = signal(false);
  const layers = computed(() => LAYERS.map((layer) => doc.value.world[layer]));
  let before = layers.peek();
  disposal.add(
    effect(() => {
      if (online.value) hasKernel.value = true;
    }),
  );
  disposal.add(
    effect(() => {
      const isSame = layers.value.every((value, at) => value === before[at]);
      before = layers.value;
      if (!isSame) pictures.outdate();
    }),
  );
  const areOn = computed(() => showsPictures.value && hasKernel.value);

  const urls = new WeakMap<StatePicture, CardPicture>();
  const cardPicture = (picture: StatePicture): CardPicture => {
    const known = urls.get(picture);
    // One that the world holds is not sent when it is large: it is here already, as a part of the world.
    const { world } = doc.peek();
    const own = { entrance: object(object(world.entrance).image).src, cover: world.cover } as JsonObject;
    const isSent = picture.src !== "" || picture.layers.length > 0;
    if (known && (isSent || known.url === own[picture.kind])) return known;
    const card = { url: thumbnailUrl(picture) || text(own[picture.kind]), words: picture.note || picture.label };
    urls.set(picture, card);
    return card;
  };
  const of = (node: Node): CardPicture | null => {
    const picture = pictures.of(node.id, node.body);
    return picture && cardPicture(picture);
  };

  return {
    areOn,
    toggle() {
      model.set("pictures", !showsPictures.peek());
      model.save_changes();
    },
    of,
    areDue: computed(() => pictures.areDue.value || rasters.areDue.value),
    thumbnails: computed(() => {
      for (const part of [pictures.changes, rasters.version]) void part.value;
      return areOn.value ? { of: (node) => rasters.of(of(node)) } : null;
    }),
  };
}
