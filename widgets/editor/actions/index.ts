/** What a person can do, by name: the toolbar, the keys and the gestures all call these. */

import type { Camera } from "../camera";
import type { Store } from "../store";
import { type Clipping, clipping } from "./clipboard";
import { type Asking, asking } from "./commands";
import { type Context, openContext } from "./context";
import { type Making, making } from "./creation";
import { type Arranging, arranging } from "./layout";
import { type Selecting, selecting } from "./selection";

export type { EditOptions } from "./context";
export { eventSelection } from "./selection";

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
