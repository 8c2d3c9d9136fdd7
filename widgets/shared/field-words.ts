/** Fields of a world in a writer's words: the same as the labels of the editor's forms, where those are clear alone. */

const WORDS: { readonly [field: string]: string } = {
  ambient: "ambient lines",
  anchor: "what is clicked",
  arriveLabel: "arrival label",
  autoAfterMs: "when it happens by itself",
  base: "what the camera sees",
  camera: "camera",
  description: "description",
  detail: "detail",
  ending: "ending",
  entrance: "where play starts",
  facts: "what can be known",
  flag: "flag",
  from: "where it is offered",
  grants: "flags it gives",
  greeting: "greeting",
  hidden: "whether it has a button",
  hotkey: "key",
  kind: "kind",
  label: "label",
  lockedHint: "hint while locked",
  minPlayMs: "minimum play time",
  missions: "missions",
  movement: "movement of the body",
  name: "name",
  narration: "narration",
  objectives: "objectives",
  oneShot: "whether it happens once per run",
  outro: "what plays at the end",
  persona: "persona",
  phases: "phases",
  requires: "flags it needs",
  state: "state",
  styleTail: "style of every picture",
  subject: "who is seen",
  subtitle: "subtitle",
  terminal: "console",
  title: "title",
  to: "where it leads",
  variants: "variants",
  waypoint: "place on the way",
};

/** What is seen of an event is a movement, not a scene. */
const EVENT_WORDS: { readonly [field: string]: string } = { ...WORDS, base: "what is seen while it plays" };

const STEP = /[^.[\]]+/g;

/**
 * Return a field's path in words: "phases[1].base" is "phases, 2: what the camera sees".
 *
 * A field that has no words is named as it is, with spaces. The order of a list and the name of an item have words of
 * their own.
 */
export function fieldWords(kind: string, path: string): string {
  if (path === "") return "";
  if (path === "id" || path === "#id") return "name";
  if (path === "order" || path === "#order") return "order";
  const words = kind === "event" ? EVENT_WORDS : WORDS;
  const steps = path.replace(/^scene\./, "").match(STEP) ?? [path];
  return steps
    .map((step, at) => {
      if (at > 0 && /^\d+$/.test(step)) return `, ${Number(step) + 1}`;
      const word = Object.hasOwn(words, step) ? words[step] : spaced(step);
      return at === 0 ? word : `: ${word}`;
    })
    .join("");
}

function spaced(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, (_, low: string, high: string) => `${low} ${high.toLowerCase()}`);
  return words.replaceAll("_", " ").trim() || name;
}
