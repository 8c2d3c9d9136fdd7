/** Guards against soft-locks: what the kernel proved by play, asked for while a problem of that kind is shown. */
import { useEffect, useState } from "preact/hooks";
import type { Guard, GuardsReply, Rejected } from "../../shared/protocol";
import type { Store } from "../store";

const NO_GUARDS: readonly Guard[] = [];

/** Return the guards of the world as it is now; none until the kernel has answered. */
export function useGuards(store: Store, isWanted: boolean): readonly Guard[] {
  const [guards, setGuards] = useState<readonly Guard[]>(NO_GUARDS);
  const rev = store.doc.value.rev;
  const isOnline = store.online.value;
  useEffect(() => {
    setGuards(NO_GUARDS);
    if (!isWanted || !isOnline) return undefined;
    let isCurrent = true;
    void store.link.request<GuardsReply | Rejected>({ type: "guards" }).then((reply) => {
      if (isCurrent && reply.type === "guards") setGuards(reply.guards);
    });
    return () => {
      isCurrent = false;
    };
    // asked again when the world is another one
  }, [store, isWanted, isOnline, rev]);
  return guards;
}
