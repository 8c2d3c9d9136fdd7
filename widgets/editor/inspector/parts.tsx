/** The properties that the forms of states, events and the world share. */
import type { Actions } from "../actions";
import type { Camera } from "../camera";
import type { Store } from "../store";

export interface FormProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly camera: Camera;
}
