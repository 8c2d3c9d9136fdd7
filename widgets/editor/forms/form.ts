/** What the fields of one form share: the object they edit, and the function that changes it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type JsonObject, same } from "../../shared/json";
import type { Diagnostic } from "../../shared/protocol";
import type { Actions } from "../actions";
import type { Plan } from "../actions/context";
import type { Store } from "../store";
import { isUnder, type Path } from "./paths";

/** Return the thing with something changed in it; null when what was to be changed is not in it any more. */
export type Make = (body: JsonObject) => JsonObject | null;

/** Said of what cannot be changed because it is not there any more. */
export const DELETED_MESSAGE = "It was deleted by someone else.";

export interface Form {
  readonly store: Store;
  readonly actions: Actions;
  readonly body: JsonObject;
  /** What it is called in an undo menu: "open_gate", "the world". */
  readonly owner: string;
  readonly readOnly: boolean;
  readonly findings: readonly Diagnostic[];
  /** Change it; resolves with null, or with why not. `quiet` when the caller shows that itself. */
  change(label: string, make: Make, quiet?: boolean): Promise<string | null>;
}

export const FormContext = createContext<Form | null>(null);

/** Where inside the thing a field stands, in words: " of phase 2". */
export const WithinContext = createContext("");

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error("a field stands outside of any form");
  return form;
}

/** Return the findings of the rules at a field, or at anything inside it. */
export function findingsUnder(form: Form, path: Path): Diagnostic[] {
  return form.findings.filter(({ item }) => item.field !== "" && isUnder(item.field, path));
}

/** Make a form's `change`: of the thing as it is when its turn comes, and the operations between that and the new one. */
export function changeForm(
  actions: Actions,
  current: () => JsonObject | null,
  plan: (before: JsonObject, after: JsonObject) => Plan,
): Form["change"] {
  return (label, make, quiet = false) =>
    actions.change(() => {
      const before = current();
      const after = before && make(before);
      if (!before || !after) return DELETED_MESSAGE;
      if (same(before, after) && Object.keys(before).join() === Object.keys(after).join()) return null;
      return { label, quiet, bodies: [before, after], ...plan(before, after) };
    });
}
