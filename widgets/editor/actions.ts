/** What a person can do, by name: the toolbar, the keys and the gestures all call these. */
import { type Arranging, arranging } from "./acts/arranging";
import { type Asking, asking } from "./acts/asking";
import { type Clipping, clipping } from "./acts/clipping";
import { type Context, openContext } from "./acts/context";
import { type Making, making } from "./acts/making";
import { type Selecting, selecting } from "./acts/selecting";
import type { Camera } from "./camera";
import type { Store } from "./store";

export type { EditOptions } from "./acts/context";
export { eventSelection } from "./acts/selecting";

export type Actions = Selecting & Making & Arranging & Clipping & Asking & Pick<Context, "edit" | "inTurn">;

export function openActions(store: Store, camera: Camera): Actions {
  const context = openContext(store, camera);
  const chooser = selecting(context);
  const maker = making(context, chooser);
  return {
    edit: context.edit,
    inTurn: context.inTurn,
    ...chooser,
    ...maker,
    ...arranging(context),
    ...clipping(context, chooser, maker),
    ...asking(context, chooser),
  };
}
