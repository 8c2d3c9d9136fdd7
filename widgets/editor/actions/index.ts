/** The editor's actions: the toolbar, the keys and the gestures all call these. */

import { type AnnotationActions, annotationActions } from "../annotations/actions";
import type { Camera } from "../camera";
import type { Store } from "../store";
import { type ClipboardActions, clipboardActions } from "./clipboard";
import { type CommandActions, commandActions } from "./commands";
import { type Context, openContext } from "./context";
import { type CreationActions, creationActions } from "./creation";
import { type LayoutActions, layoutActions } from "./layout";
import { openMaking } from "./making";
import { type PictureActions, pictureActions } from "./picture";
import { type SelectionActions, selectionActions } from "./selection";
import { type WritingActions, writingActions } from "./writing";

export { eventSelection } from "./selection";

export type Actions = SelectionActions &
  CreationActions &
  WritingActions &
  LayoutActions &
  ClipboardActions &
  CommandActions &
  PictureActions &
  AnnotationActions &
  Pick<Context, "edit" | "change" | "once" | "inTurn" | "mayEdit">;

export function openActions(store: Store, camera: Camera): Actions {
  const context = openContext(store, camera);
  const selection = selectionActions(context);
  const making = openMaking(context, selection);
  const creation = creationActions(context, selection, making);
  return {
    edit: context.edit,
    change: context.change,
    once: context.once,
    inTurn: context.inTurn,
    mayEdit: context.mayEdit,
    ...selection,
    ...creation,
    ...writingActions(context, selection, creation, making),
    ...layoutActions(context),
    ...clipboardActions(context, selection, creation),
    ...commandActions(context, selection),
    ...pictureActions(context),
    ...annotationActions(context),
  };
}
