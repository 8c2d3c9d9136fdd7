/** The properties of one view: what the kernel says of them, the run that is gone through, and the requests. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../../shared/disposal";
import { count } from "../../shared/format";
import { trait } from "../../shared/host";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { PropertySuggestion, PropertySuggestionsReply, PropertyTextReply, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import { matchKeys } from "../forms/paths";
import type { Walk } from "../overlay/state";
import { type PropertyList, type PropertyRow, positionAt, readProperties } from "./data";
import type { PropertyDraft } from "./draft";

/** The run of a property that is gone through on the map, and how many of its steps are done. */
interface Walked {
  readonly name: string;
  readonly at: number;
}

export interface Properties {
  readonly list: ReadonlySignal<PropertyList>;
  /** A number for each property of the list, which it keeps while it is renamed. */
  readonly keys: ReadonlySignal<readonly number[]>;
  /** What is typed of a new property and not saved; null for nothing. It stays while something else is looked at. */
  readonly newText: Signal<string | null>;
  /** What is edited of the properties, by their numbers; it stays as long. */
  readonly drafts: Signal<ReadonlyMap<number, PropertyDraft>>;
  readonly broken: ReadonlySignal<number>;
  readonly walked: Signal<Walked | null>;
  readonly suggestions: Signal<readonly PropertySuggestion[] | null>;
  readonly busy: Signal<boolean>;
  /** Ask what a text means as a property. */
  read(text: string): Promise<PropertyTextReply>;
  suggest(): Promise<void>;
  /** Go to a step of a property's run. */
  walkTo(row: PropertyRow, at: number): void;
}

export function openProperties(
  model: WidgetModel,
  link: Link,
  notices: Notices,
  walk: Signal<Walk | null>,
  disposal: Disposal,
): Properties {
  const raw = trait<unknown>(model, "property_list", null, disposal);
  const list = computed(() => readProperties(raw.value));
  let names: readonly string[] = [];
  let numbers: readonly number[] = [];
  let keyCount = 0;
  const keys = computed(() => {
    const now = list.value.rows.map(({ name }) => name);
    numbers = matchKeys(names, numbers, now, () => {
      keyCount += 1;
      return keyCount;
    });
    names = now;
    return numbers;
  });
  // one list after the other: of several changes at once it could not be told what was renamed
  disposal.add(effect(() => void keys.value));
  const brokenCount = computed(() => list.value.rows.filter(({ outcome }) => outcome === "broken").length);
  const walked = signal<Walked | null>(null);
  const suggestions = signal<readonly PropertySuggestion[] | null>(null);
  const busy = signal(false);

  // The map shows the run as it is now; it is put away when the property is gone or has no run any more.
  disposal.add(
    effect(() => {
      const now = walked.value;
      const row = now ? list.value.rows.find(({ name }) => name === now.name) : undefined;
      if (now && !row?.run) walked.value = null;
      walk.value =
        now && row?.run ? { title: row.name, of: row.run.steps.length, position: positionAt(row.run, now.at) } : null;
    }),
  );

  // What breaks while one works is told, also while the panel is closed.
  let before: ReadonlySet<string> | null = null;
  disposal.add(
    effect(() => {
      const { rows, checking } = list.value;
      if (checking) return;
      const now = new Set(rows.filter(({ outcome }) => outcome === "broken").map(({ name }) => name));
      const fresh = before === null ? [] : [...now].filter((name) => !before?.has(name));
      before = now;
      if (fresh.length > 0) notices.say(`${count(fresh.length, "property", "properties")} broken: ${fresh.join("; ")}`);
    }),
  );

  return {
    list,
    keys,
    newText: signal<string | null>(null),
    drafts: signal<ReadonlyMap<number, PropertyDraft>>(new Map()),
    broken: brokenCount,
    walked,
    suggestions,
    busy,
    read: async (text) => {
      const reply = await link.request<PropertyTextReply | Rejected>({ type: "read_property", text });
      return reply.type === "property_text" ? reply : { type: "property_text", text: "", error: reply.message };
    },
    suggest: async () => {
      if (busy.peek()) return;
      busy.value = true;
      const reply = await link.request<PropertySuggestionsReply | Rejected>({ type: "suggest_properties" });
      busy.value = false;
      if (notices.answered(reply, "suggest_properties")) suggestions.value = reply.suggestions;
    },
    walkTo: ({ name, run }, at) => {
      if (run) walked.value = { name, at: Math.max(0, Math.min(run.steps.length, at)) };
    },
  };
}
