/** The picture of a state beside its name, which says what it shows. */
import type { JSX } from "preact";
import { thumbnailUrl } from "../../shared/state-pictures";
import type { Store } from "../store";

export function Look({ store, state }: { store: Store; state: string }): JSX.Element {
  const picture = store.pictures.of(state);
  const url = picture ? thumbnailUrl(picture) : "";
  // without a kernel it stays empty, and keeps its place: nothing moves when it comes
  return <span class="wr-look">{url ? <img src={url} alt="" draggable={false} /> : null}</span>;
}
