/** The search box: type, walk the hits with the arrows, Enter goes there. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Actions } from "../actions";
import { search } from "../graph/search";
import type { Store } from "../store";
import { Combobox, focusMap } from "./combobox";

const SEARCH_LABEL = "Search ids, names, prose, flags";

export function Search({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  return store.searchOpen.value ? <Box store={store} actions={actions} /> : null;
}

function Box({ store, actions }: { store: Store; actions: Actions }): JSX.Element {
  const [query, setQuery] = useState("");
  const hits = search(store.doc.value, query);
  const leave = (box: Element | null) => {
    store.searchOpen.value = false;
    focusMap(box);
  };
  return (
    <div class="we-search" role="search">
      <Combobox
        icon="search"
        label={SEARCH_LABEL}
        listLabel="Hits"
        choices={hits.map((hit) => ({
          key: `${hit.kind} ${hit.index}`,
          icon: hit.kind === "state" ? "layers" : "arrow",
          name: hit.id,
          context: hit.context,
        }))}
        query={query}
        onQuery={setQuery}
        onPick={(index, box) => {
          const hit = hits[index];
          if (!hit) return;
          store.searchOpen.value = false;
          actions.select({ kind: hit.kind, id: hit.id, index: hit.index }, "centre");
          focusMap(box);
        }}
        onLeave={leave}
      >
        {query.trim() !== "" && hits.length === 0 ? <p class="wk-hint">Nothing matches.</p> : null}
      </Combobox>
    </div>
  );
}
