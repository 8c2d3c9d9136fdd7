/** Edits of properties, as requests to the kernel. */
import { sentence } from "../../shared/format";
import type { PropertyEdit } from "../../shared/protocol";
import type { Store } from "../store";

/** Change properties as one gesture; resolves with null, or with why it was refused. */
export async function editProperties(store: Store, edits: PropertyEdit[]): Promise<string | null> {
  const outcome = await store.submit({ type: "edit_properties", edits }, true);
  return outcome.ok ? null : sentence(outcome.reply.message);
}
