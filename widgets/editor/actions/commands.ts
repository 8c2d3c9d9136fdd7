/** Undo and redo, fixes, code, and what the side panel shows. */
import { count, sentence, shorten } from "../../shared/format";
import type { CodeReply, Diagnostic, Rejected } from "../../shared/protocol";
import type { AddingPoint, Panel } from "../store";
import type { TableTab } from "../tables/state";
import type { Context } from "./context";
import type { SelectionActions } from "./selection";

export interface CommandActions {
  undo(): void;
  redo(): void;
  fix(diagnostic: Diagnostic): void;
  /** Fix all findings of a rule, as one edit. */
  fixAll(lint: string): void;
  jump(diagnostic: Diagnostic): void;
  copyCode(): Promise<void>;
  /** Copy the edits that the kernel has not taken yet. */
  copyUnsaved(): Promise<void>;
  /** Say that a text was not saved, and why, with the way to keep it: its field is gone. */
  giveBack(text: string, reason: string): void;
  /** Open the list of what can be added at a place; while nothing can be changed, say so instead. */
  openQuickAdd(at: AddingPoint): void;
  /** Open the form of what is selected, at a field. */
  openForm(field?: string): void;
  escape(): boolean;
  show(panel: Panel): void;
  /** Open a table over the map, or the one that was open last; put it away when it is open. */
  showTable(tab?: TableTab): void;
}

export function commandActions(context: Context, { select, selectAll }: SelectionActions): CommandActions {
  const { store, notices, mayEdit, turn, inTurn, once, copyOrShow } = context;

  const show = (panel: Panel) => {
    store.openPanel(store.shownPanel.peek() === panel ? "details" : panel);
  };

  /** Undo or redo; states that come back are selected, so that one sees what came. */
  const back = async (type: "undo" | "redo") => {
    const restoredNodes = await turn(type);
    if (store.selected.peek() !== null) return;
    if (restoredNodes.length > 0 && restoredNodes.length < store.graph.peek().nodes.length) selectAll(restoredNodes);
  };

  return {
    show,
    showTable: (tab) => {
      const { tables } = store;
      const tabToOpen = tab ?? tables.lastTab.peek();
      const isOpen = tables.tab.peek() !== null && (tab === undefined || tables.tab.peek() === tab);
      tables.tab.value = isOpen ? null : tabToOpen;
      tables.lastTab.value = tabToOpen;
    },
    undo: () => void back("undo"),
    redo: () => void back("redo"),
    fix: (diagnostic) => {
      if (!mayEdit()) return;
      const { lint, item, message } = diagnostic;
      void once(`fix ${lint} ${JSON.stringify(item)}`, async () => {
        const outcome = await inTurn(() => store.submit({ type: "fix", lint, item }));
        if (outcome.ok) notices.show(sentence(`Fixed: ${message}`));
      });
    },
    fixAll: (lint) => {
      if (mayEdit()) void once(`fix ${lint}`, () => inTurn(() => store.submit({ type: "fix_all", lint })));
    },
    jump: ({ item }) => {
      if (item.kind !== "state" && item.kind !== "event") return;
      const panel = store.panel.peek();
      select({ kind: item.kind, id: item.id }, "centre");
      store.panel.value = panel;
    },
    copyCode: async () => {
      const reply = await store.link.request<CodeReply | Rejected>({ type: "code" });
      if (notices.answered(reply, "code")) {
        const lines = reply.text.trimEnd().split("\n").length;
        await copyOrShow(reply.text, `Copied ${count(lines, "line")} of Python: the edits made here.`);
      }
    },
    copyUnsaved: async () => {
      const ops = context.unsavedOps();
      await copyOrShow(
        JSON.stringify(ops, null, 2),
        `Copied ${count(ops.length, "operation")}, for World.apply in Python.`,
      );
    },
    openQuickAdd(at) {
      if (mayEdit()) store.quickAddPoint.value = at;
    },
    giveBack: (text, reason) =>
      notices.show(`“${shorten(text, 120)}” was not saved. ${reason}`, "error", {
        label: "Copy the text",
        run: () => void copyOrShow(text, "Copied the text."),
        stays: true,
      }),
    openForm: (field) => {
      if (store.selected.peek() === null) return;
      store.openPanel("details");
      // several things have a form without these fields
      if (store.others.peek().length > 0) return;
      store.fieldToFocus.value = field ?? (store.selected.peek()?.kind === "event" ? "detail" : "base");
    },
    escape: () => {
      if (store.connection.peek()) store.connecting.value = null;
      else if (store.play.player.peek()) store.play.close();
      else if (store.quickAddPoint.peek()) store.quickAddPoint.value = null;
      else if (store.searchOpen.peek()) store.searchOpen.value = false;
      else if (store.tables.tab.peek()) store.tables.tab.value = null;
      else if (store.legendOpen.peek()) store.legendOpen.value = false;
      else if (store.properties.walked.peek()) store.properties.walked.value = null;
      else if (store.panel.peek() !== "details") store.panel.value = "details";
      else if (store.selected.peek()) select(null);
      else if (store.tool.peek() === "box") store.tool.value = "hand";
      else if (store.onMap.focus.peek()) {
        store.onMap.entered.value = null;
        store.onMap.litTags.value = new Set();
      } else return false;
      return true;
    },
  };
}
