/** Going on with a story: the next scene, choices, patterns, missions. */

import { shorten } from "../../shared/format";
import { choiceOps } from "../writing/choice-ops";
import { parseChoice } from "../writing/choices";
import { beginMission } from "../writing/mission-draft";
import { type Pattern, patternEdit } from "../writing/patterns";
import { placeBeside, placeBlock } from "../writing/place";
import { unwrittenAfter } from "../writing/unwritten";
import { type Context, idOf, nodeLater } from "./context";
import type { CreationActions } from "./creation";
import type { Making } from "./making";
import type { SelectionActions } from "./selection";

export interface WritingActions {
  /** Go on writing: a state that follows what is selected, else one of its own. */
  next(): Promise<void>;
  /** Make a choice written in words, such as "Go down -> cellar"; resolves with why not. `enters` opens where it leads. */
  addChoice(source: number, input: string, enters: boolean): Promise<string | null>;
  /** Open the form of the next scene that has no text yet, along the events first. */
  nextUnwritten(): void;
  /** Open the form of a new mission. */
  writeMission(): void;
  /** Make the scenes and events of a pattern that begins in a state, with names for its things, if any. */
  addPattern(source: number, pattern: Pattern, names?: string): Promise<void>;
}

export function writingActions(
  context: Context,
  { select }: SelectionActions,
  { addState, branch }: CreationActions,
  { make, enter, inOrder, inOrderAt }: Making,
): WritingActions {
  const { store, notices, mayEdit, change, untilOpen } = context;

  return {
    next: () => {
      const { nodes, events } = store.selectedItems.peek();
      const [node] = nodes;
      const edge = store.worldGraph.peek().edges.find(({ index }) => events.has(index));
      const source = node ?? edge?.target ?? -1;
      return source >= 0 ? branch(source) : addState();
    },
    addChoice: async (source, input, enters) => {
      const choice = parseChoice(input);
      if (choice === null) return null;
      if (!mayEdit()) return "It was not added: nothing can be changed now.";
      let rejection: string | null = null;
      let id: string | undefined;
      const at = nodeLater(store, source);
      const run = async () => {
        rejection = await change(() => {
          if (at() < 0) return "Its scene was deleted.";
          const { ops, states } = choiceOps(store.doc.peek(), store.autoNames, idOf(store, at()), [choice]);
          [id] = states;
          const label = `Add the choice “${shorten(choice.words, 40)}”`;
          return { ops, label, positions: placeBeside(store, at(), states), quiet: true };
        });
        if (rejection !== null) return;
        notices.say(`Added the choice ${choice.words}${id === undefined ? "" : ` and the scene ${id}`}.`);
        if (enters && id !== undefined) enter({ kind: "state", id }, "base");
      };
      await (enters ? untilOpen(run) : run());
      return rejection;
    },
    nextUnwritten: () =>
      inOrder(async () => {
        const graph = store.worldGraph.peek();
        const node = unwrittenAfter(graph, store.selectedNode.peek());
        if (node === null) notices.show("Every scene has a text.");
        else enter({ kind: "state", id: graph.nodes[node]?.id ?? "" }, "base");
      }),
    writeMission: () =>
      inOrder(async () => {
        beginMission(store);
        select(null);
        store.openPanel("details");
      }),
    addPattern: (node, pattern, names) =>
      inOrderAt(node, async (source) => {
        const doc = store.doc.peek();
        const { label, ops, cards } = patternEdit(doc, store.autoNames, pattern, idOf(store, source), names);
        const [first] = cards;
        if (first === undefined) return;
        const positions = placeBlock(store, source, cards);
        await make({ kind: "state", id: first.id }, "base", [...ops], { label, positions });
      }),
  };
}
