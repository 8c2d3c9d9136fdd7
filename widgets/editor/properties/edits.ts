/** Edits of properties, as requests to the kernel. */
import { sentence } from "../../shared/format";
import type { PropertyEdit } from "../../shared/protocol";
import type { Store } from "../store";

/** Change properties as one gesture; resolves with null, or with why it was refused, which a quiet caller shows itself. */
export async function editProperties(store: Store, edits: PropertyEdit[], isQuiet = false): Promise<string | null> {
  const outcome = await store.submit({ type: "edit_properties", edits }, isQuiet);
  return outcome.ok ? null : sentence(outcome.reply.message);
}
