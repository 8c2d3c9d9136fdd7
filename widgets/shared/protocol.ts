/**
 * Protocol 1 between the kernel and the browser.
 *
 * Written by scripts/protocol_types.py from src/worldkit/widgets/protocol. Change those and run the script.
 */
import type { JsonObject } from "./json";

// ---- any widget ------------------------------------------------------------------------------------

/** What every message holds. */
export interface Envelope {
  type: string;
  id?: string | number | null;
  view?: string | number | null;
}

export type Severity = "error" | "warning" | "info";

/** What a finding is about. */
export interface DiagnosticItem {
  kind: "world" | "state" | "event" | "cutscene" | "sequence" | "mission" | "act" | "edge";
  id: string;
  field: string;
}

/** A finding of a rule. */
export interface Diagnostic {
  lint: string;
  severity: Severity;
  path: string;
  message: string;
  item: DiagnosticItem;
  /** How many findings it stands for, if more than one: those of its rule that are not listed one by one. */
  count?: number;
  /** What its safe fix does; absent when only a writer can decide. */
  remedy?: string;
  /** Where in factored prose it is, as a hosted server says. */
  loc?: JsonObject;
}

/** The reply to a request that was carried out, with what an edit took along. */
export interface Accepted {
  type: "accepted";
  id?: string | number | null;
  view?: string | number | null;
  rev?: string;
  notes?: Diagnostic[];
}

/** The reply to a request that was not carried out, with the reason for a person. */
export interface Rejected {
  type: "rejected";
  id?: string | number | null;
  view?: string | number | null;
  rev?: string;
  code:
    | "invalid"
    | "conflict"
    | "rule"
    | "op"
    | "internal"
    | "read_only"
    | "oversize"
    | "blocked"
    | "unsaved"
    | "exists";
  message: string;
}

export type ItemMark = "added" | "removed" | "renamed" | "changed" | "moved";

export type FieldPiece = ["same" | "del" | "ins" | "gap", string];

/** One field that differs: a text by `words`, a list of texts by `items`, all else by its two values. */
export interface FieldChange {
  path: string;
  words?: FieldPiece[];
  items?: FieldPiece[];
  before?: string;
  after?: string;
}

// ---- pictures of states: kernel to browser ---------------------------------------------------------

/** The picture of a state: a `data:` URL, or a storyboard drawing as SVG. */
export interface StatePicture {
  kind: "painted" | "stored" | "entrance" | "cover" | "storyboard";
  label: string;
  /** What to tell of where it is from. */
  note: string;
  /** Empty for a storyboard drawing. */
  src: string;
  /** SVG texts, the farthest first; a thumbnail has one. */
  layers: string[];
  motion: "push" | "pull" | "left" | "right" | "up" | "down";
}

/** The reply to `pictures`: pictures by state. */
export interface PicturesReply {
  type: "pictures";
  id?: string | number | null;
  view?: string | number | null;
  pictures: { [key: string]: StatePicture };
}

/** Pictures that have just been made; they replace those that are shown, and nobody asked for them. */
export interface NewPictures {
  type: "new_pictures";
  id?: string | number | null;
  view?: string | number | null;
  detail: "full" | "thumbnail";
  /** By state; null for one that is to be asked for when it is shown again. */
  pictures: { [key: string]: StatePicture | null };
}

// ---- editor: browser to kernel ---------------------------------------------------------------------

export type Position = [number, number];

export type Positions = { [key: string]: Position };

/** Try again to save what is not saved, where the world lives. */
export interface Save {
  type: "save";
}

/** Look where the world lives for what was changed elsewhere. */
export interface Reload {
  type: "reload";
}

/** What a person wrote at a thing that both changed, beginning with what a side has. */
export interface WrittenText {
  side: "ours" | "theirs" | "base";
  text: string;
}

/**
 * Decide what becomes of edits made here and edits made elsewhere.
 *
 * For a rebase, `picks` holds a side by the path of a thing that both changed, and `written` what a person wrote.
 */
export interface Reconcile {
  type: "reconcile";
  choice: "rebase" | "theirs" | "mine";
  picks?: { [key: string]: "ours" | "theirs" | "base" };
  written?: { [key: string]: WrittenText };
}

/** Give the world a file, in which every edit is saved from then on; `overwrite` replaces what is there. */
export interface SaveAs {
  type: "save_as";
  path: string;
  overwrite?: boolean;
}

/**
 * Begin a world, in an editor that has none yet.
 *
 * `name` is the new world's name, the sample's, or the file's path.
 */
export interface Begin {
  type: "begin";
  source: "new" | "sample" | "file";
  name: string;
}

/**
 * Decide what becomes of the edits that were made when the cell was last run.
 *
 * `restore` has the offer back that was discarded last.
 */
export interface DecideLastRun {
  type: "last_run";
  choice: "take" | "discard" | "restore";
}

/** Decide what becomes of the edits that a hosted server did not take. */
export interface DecideNotTaken {
  type: "not_taken";
  choice: "keep" | "retry";
}

export type PlaceRequest = Save | Reload | Reconcile | SaveAs | Begin | DecideLastRun | DecideNotTaken;

/** A view asks for everything. */
export interface Hello {
  type: "hello";
}

export type Op = { op: string } & JsonObject;

export type MapColor = "grey" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "purple";

/** A part of the map with a name, such as a chapter or a place: the states in it, which belong to no other. */
export type Region = { name: string; states: string[]; color: MapColor; collapsed: boolean } & JsonObject;

export type MapPoint = [number, number];

/** A note or a to-do at a point of the map; beside a state it stands relative to that state's card. */
export type Note = {
  text: string;
  at: MapPoint;
  state: string | null;
  todo: boolean;
  done: boolean;
  color: MapColor;
} & JsonObject;

/** What a tag looks like; its name is its key. */
export type Tag = { color: MapColor } & JsonObject;

export type MapArea = [number, number, number, number];

/** A saved look at the map: an area of it, the region that was entered, and the tags that stand out. */
export type SavedView = { name: string; area: MapArea; region: string | null; tags: string[] } & JsonObject;

/** Entries to set, by section and id; null takes an entry away. An entry is replaced as a whole. */
export interface AnnotationPatch {
  regions?: { [key: string]: Region | null };
  notes?: { [key: string]: Note | null };
  tags?: { [key: string]: Tag | null };
  tagged?: { [key: string]: string[] | null };
  views?: { [key: string]: SavedView | null };
}

/** Operations made against a revision; the same gesture may place cards and change what is on the map. */
export interface Edit {
  type: "edit";
  base: string;
  ops: Op[];
  label?: string | null;
  positions?: Positions;
  annotations?: AnnotationPatch | null;
}

/** Take the last gesture back. */
export interface Undo {
  type: "undo";
}

/** Do the last gesture that was taken back again. */
export interface Redo {
  type: "redo";
}

/** Cards were put somewhere, by hand or in a line. */
export interface Move {
  type: "move";
  positions: Positions;
  label?: string | null;
}

/** Change the regions, notes, tags and views of the map. */
export interface Annotate {
  type: "annotate";
  annotations: AnnotationPatch;
  label?: string | null;
}

/** Lay cards out anew: those that nobody placed, or `everything`. */
export interface Tidy {
  type: "tidy";
  everything?: boolean;
}

/** What a finding is about. */
export interface ItemOf {
  kind?: string;
  id?: string;
  field?: string;
}

/** Apply a rule's safe fix to one finding. */
export interface Fix {
  type: "fix";
  lint: string;
  item: ItemOf;
}

/** Put another flag in the place of some across the world, or take them out with `into` null. */
export interface EditFlag {
  type: "flag";
  flags: string[];
  into?: string | null;
}

/** Ask where each flag is held on arrival. */
export interface FlagsHeld {
  type: "held";
}

/** Ask which events must need which flags so that no run gets stuck. */
export interface GuardsOf {
  type: "guards";
}

/** Ask for all texts as one sheet; of one reader's texts when that is named, to translate with a language. */
export interface WriteSheet {
  type: "write_sheet";
  format: "csv" | "xliff";
  reader?: "player" | "picture" | "recognition" | "author" | null;
  language?: string | null;
}

/** Ask what a sheet that came back would change; `overwrite` counts texts that were changed meanwhile. */
export interface ReadSheet {
  type: "read_sheet";
  name: string;
  text: string;
  overwrite?: boolean;
}

/** Apply a rule's safe fix to all of its findings, as one gesture. */
export interface FixAll {
  type: "fix_all";
  lint: string;
}

/** Ask what operations would do, before they are made. */
export interface Preview {
  type: "preview";
  ops: Op[];
}

/** Ask for the edits as Python. */
export interface CodeOf {
  type: "code";
}

/** Ask for the whole map as a picture. */
export interface PictureOf {
  type: "picture";
  theme: "light" | "dark";
  pictures?: boolean;
}

/** Ask for the pictures of states; what is no state has none. */
export interface PicturesOf {
  type: "pictures";
  states: string[];
  detail?: "full" | "thumbnail";
}

/** Play the world through, and show what was found over the map. */
export interface Explore {
  type: "explore";
}

/**
 * One property to add, to change or to delete.
 *
 * `name` is the one that is changed, null for a new one. `text` is what it says then, null to delete it.
 * `rename` is what it is called then, empty to call it by its text.
 */
export interface PropertyEdit {
  name?: string | null;
  text?: string | null;
  rename?: string | null;
}

/** Change what is demanded of every run. */
export interface EditProperties {
  type: "edit_properties";
  edits: PropertyEdit[];
}

/** Ask what a text that is being typed means as a property. */
export interface ReadProperty {
  type: "read_property";
  text: string;
}

/** Ask for properties that hold today and are worth keeping. */
export interface SuggestProperties {
  type: "suggest_properties";
}

/** Open the world in a player. */
export interface Play {
  type: "play";
  property?: string | null;
}

/** Close the player that was opened here, so that the map no longer shows its run. */
export interface ClosePlayer {
  type: "close_player";
}

/** Generate a world from a premise, or from a chapter that it is to follow. */
export interface Generate {
  type: "generate";
  source: "premise" | "chapter";
  text: string;
  model: string;
  states?: number;
  seed?: number;
  planner?: "auto" | "model" | "seed";
  features?: ("missions" | "timers" | "hidden" | "variants" | "evidence")[];
}

/** Stop a generation, go on with it, take one of its worlds as it is by now, or put it away. */
export interface DecideGeneration {
  type: "generation";
  choice: "stop" | "continue" | "use" | "discard";
  world?: number | null;
}

export type EditorRequest =
  | Hello
  | Edit
  | Undo
  | Redo
  | Move
  | Annotate
  | Tidy
  | Fix
  | EditFlag
  | FlagsHeld
  | GuardsOf
  | WriteSheet
  | ReadSheet
  | FixAll
  | Preview
  | CodeOf
  | PictureOf
  | PicturesOf
  | Explore
  | EditProperties
  | ReadProperty
  | SuggestProperties
  | Play
  | ClosePlayer
  | Save
  | Reload
  | Reconcile
  | SaveAs
  | Begin
  | DecideLastRun
  | DecideNotTaken
  | Generate
  | DecideGeneration;

// ---- editor: kernel to browser ---------------------------------------------------------------------

/** A rule: its name, why it exists, and whether it can fix its findings. */
export interface RuleInfo {
  title: string;
  explanation: string;
}

/** Everything a view needs to begin. */
export interface Seed {
  protocol: number;
  world: JsonObject;
  /** The state ids in world order. JSON objects reorder keys such as "10" in a browser; this list does not. */
  order?: string[];
  layout: Positions;
  /** The regions, notes, tags and views of the map. */
  annotations?: AnnotationPatch;
  rev: string;
  diagnostics: Diagnostic[];
  undo: string | null;
  redo: string | null;
  rules: { [key: string]: RuleInfo };
}

/** The reply to `hello`. */
export interface SeedReply {
  type: "seed";
  id?: string | number | null;
  view?: string | number | null;
  seed: Seed;
}

/** The edits as Python. */
export interface CodeReply {
  type: "code";
  id?: string | number | null;
  view?: string | number | null;
  text: string;
}

/** The whole map as an SVG picture. */
export interface PictureReply {
  type: "picture";
  id?: string | number | null;
  view?: string | number | null;
  svg: string;
}

/** In which states a flag is held on arrival: after every way there, or after some. */
export interface FlagHeld {
  always: string[];
  sometimes: string[];
}

/** Where each flag is held on arrival, in the world at `rev`. */
export interface HeldReply {
  type: "held";
  id?: string | number | null;
  view?: string | number | null;
  rev: string;
  flags: { [key: string]: FlagHeld };
}

/** Events that are to need flags, so that no run gets stuck in some states; proved by play. */
export interface Guard {
  events: string[];
  flags: string[];
  states: string[];
}

/** The guards that repair soft-locks of the world at `rev`. */
export interface GuardsReply {
  type: "guards";
  id?: string | number | null;
  view?: string | number | null;
  rev: string;
  guards: Guard[];
}

/** All texts as one sheet. */
export interface SheetReply {
  type: "sheet";
  id?: string | number | null;
  view?: string | number | null;
  text: string;
}

/** A text that was changed since the sheet was written: what it is now, and what the sheet has. */
export interface SheetClash {
  key: string;
  current: string;
  text: string;
}

/** What a sheet that came back would change, as operations on the world at `rev`. */
export interface SheetEditsReply {
  type: "sheet_edits";
  id?: string | number | null;
  view?: string | number | null;
  rev: string;
  ops: JsonObject[];
  changed: number;
  outdated: SheetClash[];
  unknown: string[];
}

/** What operations would do. */
export interface PreviewReply {
  type: "preview";
  id?: string | number | null;
  view?: string | number | null;
  /** Each in words. */
  changes: string[];
  /** How many findings would be gone. */
  settled: number;
  raised: number;
  /** Some of the findings that would be new, each as a sentence. */
  fresh: string[];
}

/** What a text that is being typed means: the property as it is written down, or what is wrong with it. */
export interface PropertyTextReply {
  type: "property_text";
  id?: string | number | null;
  view?: string | number | null;
  text: string;
  error: string;
}

/** A property that holds today and is worth keeping. */
export interface PropertySuggestion {
  name: string;
  text: string;
}

/** Properties that hold today and are worth keeping. */
export interface PropertySuggestionsReply {
  type: "property_suggestions";
  id?: string | number | null;
  view?: string | number | null;
  suggestions: PropertySuggestion[];
}

/** Where the world was opened: in a player in a cell of its own, or in one to be shown by the view that asked. */
export interface PlayedReply {
  type: "played";
  id?: string | number | null;
  view?: string | number | null;
  /** The id of the model of the player to show; null when the run was opened in one that a cell shows. */
  player: string | null;
}

export type EditorReply =
  | Accepted
  | Rejected
  | SeedReply
  | CodeReply
  | PictureReply
  | PicturesReply
  | HeldReply
  | GuardsReply
  | SheetReply
  | SheetEditsReply
  | PreviewReply
  | PropertyTextReply
  | PropertySuggestionsReply
  | PlayedReply;

/** At which index, how many go, and what comes there, each an id and a body. Splices stand from last to first. */
export type StateSplice = [number, number, [string, JsonObject][]];

/** At which index, how many go, and what comes there. Splices stand from last to first. */
export type EventSplice = [number, number, JsonObject[]];

/** Fields of the world to set and to remove; `scene.<key>` is a field of its scene. */
export interface WorldPatch {
  set?: JsonObject;
  remove?: string[];
}

/** What became of the world. */
export interface Patch {
  states?: StateSplice[];
  events?: EventSplice[];
  world?: WorldPatch;
}

/** At which index, how many go, and what comes there. Splices stand from last to first. */
export type DiagnosticSplice = [number, number, Diagnostic[]];

/** What every view is told of a change: it leads `from` one revision to another. */
export interface Changed {
  type: "changed";
  id?: string | number | null;
  view?: string | number | null;
  from: string;
  rev: string;
  patch: Patch;
  layout: Positions;
  /** What changed of the regions, notes, tags and views. */
  annotations?: AnnotationPatch;
  /** What became of the findings; empty when they are the same. */
  diagnostics: DiagnosticSplice[];
  undo: string | null;
  redo: string | null;
  /** The request that did it; null when Python did. */
  cause: string | number | null;
}

/** Lead a person to a thing of the world: another widget asked for it. */
export interface Show {
  type: "show";
  item: DiagnosticItem;
  panel: "details" | "problems";
}

/** The state or the event that is selected. */
export interface Selection {
  kind: "state" | "event";
  id: string;
}

/**
 * `never`: no run can. `stuck`: no ending can be reached. `idle`: nothing left to do. `seen` and `unseen`: by some run, by none.
 */
export type OverlayMark = "never" | "stuck" | "idle" | "seen" | "unseen";

/** A state's id, its mark, the same in words, and how much of it from 0 to 1. */
export type OverlayState = [string, OverlayMark, string, number];

/** The same for an event, by its name and the state it was fired in, null for all of them. */
export type OverlayEvent = [string, string | null, OverlayMark, string, number];

/** What a mark means, and how many states and events have it. */
export interface OverlayLegend {
  mark: OverlayMark;
  states: number;
  stateWords: string;
  events: number;
  eventWords: string;
}

/** Something drawn over the map: where runs have been, or what can never happen. */
export interface OverlayLayer {
  key: string;
  kind: "explored" | "crowd" | "runs";
  title: string;
  said: string;
  stale: boolean;
  /** Grows with every overlay that is put up, so that a view shows the newest. */
  serial: number;
  states: OverlayState[];
  events: OverlayEvent[];
  legend: OverlayLegend[];
  findings: Diagnostic[];
}

export type EdgeTaken = [string, string];

/** Where the player beside the editor is and has been. */
export interface RunPosition {
  state: string;
  over: boolean;
  steps: number;
  states: string[];
  /** The events taken, each with the state it was fired in. */
  edges: EdgeTaken[];
  last: EdgeTaken | null;
}

/** One change made elsewhere. */
export interface ChangeElsewhere {
  mark: ItemMark;
  kind: "world" | "state" | "event";
  id: string;
  fields: FieldChange[];
}

/** How a result is edited: prose, one line, a list with one item a line, JSON, or not at all. */
export type ResultForm = "text" | "line" | "lines" | "json" | "none";

/** What stands at a conflict now, as text to edit. */
export interface ConflictResult {
  form: ResultForm;
  text: string;
}

/** What stands at a conflict when a side is picked, as text to edit. */
export interface SideResults {
  ours: ConflictResult;
  theirs: ConflictResult;
  base: ConflictResult;
}

/** One thing that both changed; a side that is empty deleted it. */
export interface EditClash {
  path: string;
  /** The same place as data. */
  item: DiagnosticItem;
  why: string;
  ours: FieldChange[];
  theirs: FieldChange[];
  results: SideResults;
}

/** What was changed elsewhere and stands in the way of saving. */
export interface EditConflict {
  /** The revision it is at there: the number of a counter, or a file's digest. */
  rev: string;
  elsewhere: ChangeElsewhere[];
  /** How many things more were changed elsewhere than are named. */
  more: number;
  clashes: EditClash[];
  undecided: number;
  /** What both edits together do to play that neither does alone. */
  warnings: string[];
}

/** Where the world lives, and whether all is saved there. */
export interface Binding {
  /** `notebook` for a world that lives nowhere else. */
  kind: "store" | "file" | "notebook";
  place: string;
  name: string;
  rev: string;
  status: "saved" | "unsaved" | "conflict" | "nowhere";
  trouble: string;
  /** Why the map is not saved; empty when it is. */
  note: string;
  /** Whether the map is kept on this computer, because the world's place has no room for it. */
  map_is_here: boolean;
  /** Whether the edits are offered when the cell is run again. */
  remembered: boolean;
  /** How many edits made here are not saved. */
  count: number;
  /** What the last of them are called. */
  waiting: string[];
  conflict: EditConflict | null;
  /** The edits that a hosted server did not take, until somebody decides about them. */
  not_taken: Diagnostic[];
}

/** What was edited when the cell was last run, and is to be decided about. */
export interface LastRun {
  count: number;
  labels: string[];
  /** Where it is saved; empty when it is not. */
  place: string;
}

/** A sample that a world can be begun with. */
export interface SampleOffer {
  id: string;
  name: string;
  about: string;
  /** Its first scene, as a `data:` URL. */
  picture: string;
}

/** A model that can write. */
export interface ModelOffer {
  id: string;
  label: string;
  about: string;
}

/** What a world can be begun with. */
export interface Start {
  samples: SampleOffer[];
  models: ModelOffer[];
}

/**
 * `vacuous`: it holds of nothing. `waiting`: it is not checked yet. `invalid`: it names what the world does not have.
 */
export type PropertyOutcome = "holds" | "vacuous" | "broken" | "undecided" | "waiting" | "invalid";

/** The event fired, the state it is fired in, the one after it, and those passed on the way. */
export type PropertyStep = [string, string, string, string[]];

/** A run that breaks a property, or that shows what is possible: where it begins, and its steps. */
export interface PropertyRun {
  start: string;
  steps: PropertyStep[];
  /** How many steps more it has than are listed. */
  more: number;
}

/** One property, and what became of it. */
export interface PropertyRow {
  name: string;
  text: string;
  outcome: PropertyOutcome;
  /** Why, for a person. */
  note: string;
  run: PropertyRun | null;
}

/** The properties of the world that is edited. */
export interface PropertyList {
  rows: PropertyRow[];
  /** They are being checked; the outcomes are those of the world before the last edit. */
  checking: boolean;
  /** The file that keeps them; empty when they live in the notebook only. */
  place: string;
  /** Why they cannot be read or saved; empty when all is well. */
  trouble: string;
  /** Whether they could be read; what could not be read is not edited. */
  readable: boolean;
  /** The tags that properties may name. */
  tags: string[];
}

// ---- generation: browser to kernel -----------------------------------------------------------------

export type GeneratorRequest = Hello | Generate | DecideGeneration;

// ---- generation: kernel to browser -----------------------------------------------------------------

/** A world that was generated. */
export interface GeneratedWorld {
  title: string;
  states: number;
  events: number;
}

/** How far a generation is. */
export interface GenerationState {
  status: "running" | "stopped" | "failed" | "done";
  source: "premise" | "chapter";
  /** How its text begins. */
  title: string;
  done: number;
  /** How many texts there will be; 1 as long as that is not known. */
  total: number;
  /** What is under way, such as "writing". */
  what: string;
  /** Where the text belongs that was written last. */
  place: string;
  /** That text. */
  text: string;
  /** The map as it fills in, as the address of an image; empty when there is none yet. */
  picture: string;
  /** Why it failed. */
  trouble: string;
  /** What stands in the world of what was asked for, and what does not; empty until it is there. */
  report: string;
  /** Whether there is a world to take, finished or as far as it came. */
  usable: boolean;
  /** The worlds to pick one of, when a long text became the acts of a story; else empty. */
  worlds: GeneratedWorld[];
}

// ---- player: browser to kernel ---------------------------------------------------------------------

/** Fire an event. */
export interface Fire {
  type: "act";
  action: "fire";
  event: string;
}

/** Let time pass, at once or as the clock runs; while `forward` is held, waypoints come nearer. */
export interface PassTime {
  type: "act";
  action: "wait" | "tick";
  ms: number;
  forward?: boolean;
}

/** Something that needs no more words. */
export interface Press {
  type: "act";
  action: "run" | "pause" | "finish" | "cancel" | "undo" | "restart" | "retry" | "close_terminal" | "play_anyway";
}

/** Play on in another mode. The session refuses one that is none. */
export interface SwitchMode {
  type: "act";
  action: "mode";
  mode: "instant" | "real-time";
}

/** A position to begin in. */
export interface StartingPoint {
  state: string;
  flags?: string[];
  used?: string[];
}

/** Begin in a position. The session refuses what is none. */
export interface BeginAt {
  type: "act";
  action: "begin";
  position: StartingPoint;
}

/** Go on from a saved run or position. */
export interface Open {
  type: "act";
  action: "open";
  text: string;
}

/** Set or clear a flag by hand. */
export interface SetFlag {
  type: "act";
  action: "grant" | "revoke";
  flag: string;
}

/** Choose a variant of the state's prompt, or its own. */
export interface ChooseVariant {
  type: "act";
  action: "variant";
  label?: string | null;
}

/** What is seen in the picture; what was not measured is left out. */
export interface Sample {
  luminance?: number;
  motion?: number;
  labels?: { [key: string]: number };
}

/** Say what is seen in the picture. The session refuses what is no sample. */
export interface Observe {
  type: "act";
  action: "observe";
  sample: Sample;
}

/** Go back to a point of the trail. */
export interface Jump {
  type: "act";
  action: "jump";
  to: number;
}

/** Ask an open console. */
export interface Ask {
  type: "act";
  action: "ask";
  text: string;
}

/** Have a language model write what comes of an action. */
export interface TypeAction {
  type: "act";
  action: "type";
  text: string;
}

/** Take what was written for an action that was typed, or leave it. */
export interface DecideAction {
  type: "act";
  action: "take_action" | "leave_action";
}

export type PlayerAct =
  | Fire
  | PassTime
  | Press
  | SwitchMode
  | BeginAt
  | Open
  | SetFlag
  | ChooseVariant
  | Observe
  | Jump
  | Ask
  | TypeAction
  | DecideAction;

/** Ask a player what there is to know of the whole world: flags, states, labels. */
export interface About {
  type: "about";
}

export type ScriptKind = "run" | "position" | "python" | "pytest";

/** Ask a player for its run as text that repeats it. */
export interface ScriptOf {
  type: "script";
  kind: ScriptKind;
}

/** Hold these controls in the picture, and release all others. */
export interface Hold {
  type: "hold";
  controls: string[];
}

/** A frame of the picture was shown, or will not be; the next may come. 0: a view has opened, and waits for none. */
export interface Shown {
  type: "shown";
  frame: number;
}

export type PlayerRequest =
  | Fire
  | PassTime
  | Press
  | SwitchMode
  | BeginAt
  | Open
  | SetFlag
  | ChooseVariant
  | Observe
  | Jump
  | Ask
  | TypeAction
  | DecideAction
  | Hello
  | About
  | ScriptOf
  | PicturesOf
  | Hold
  | Shown;

// ---- player: kernel to browser ---------------------------------------------------------------------

/** One stage of what plays, and how long it is. */
export interface StageInfo {
  what: "phase" | "cutscene" | "least" | "evidence" | "dwell" | "settle";
  ms: number;
}

/** What plays and has not landed. */
export interface PlayingInfo {
  event: string;
  label: string;
  kind: string;
  by: "player" | "timer" | "waypoint" | "zone" | "author";
  at: number;
  stage: "phase" | "cutscene" | "least" | "evidence" | "dwell" | "settle";
  number: number;
  of: number;
  since: number;
  until: number;
  hits: number;
  needs: number;
  waitsFor: string;
  to: string | null;
  index: number;
  stages: StageInfo[];
  /** Whether anything was said of the picture; without a picture nothing is waited for. */
  seesPicture: boolean;
  /** A sample that would be evidence. */
  shows: Sample | null;
}

/** A place ahead, and how far it is. */
export interface WaypointInfo {
  event: string;
  label: string;
  distanceM: number;
  leftM: number;
  near: boolean;
  available: boolean;
}

/** An event that fires by itself after some time. */
export interface TimerInfo {
  event: string;
  label: string;
  since: number;
  due: number;
  available: boolean;
  hidden: boolean;
}

/** An event that fires by itself when something is seen. */
export interface ZoneInfo {
  event: string;
  label: string;
  waitsFor: string;
  hits: number;
  needs: number;
  available: boolean;
  shows: Sample | null;
}

/** How the world ended; `kind` is `win`, `lose` or a word of a later version. */
export interface EndingInfo {
  kind: string;
  title: string;
  subtitle: string | null;
}

/** The state the player is in. */
export interface StateInfo {
  id: string;
  base: string;
  ending: EndingInfo | null;
}

/** Something offered to the player; `kind` is that of an event, which may be a word of a later version. */
export interface OfferInfo {
  name: string;
  label: string;
  available: boolean;
  hint: string | null;
  hotkey: string | null;
  kind: string;
}

/** A flag held and where it is from; no event for one held at the start. */
export interface HeldInfo {
  flag: string;
  event: string | null;
  at: number;
  by: "player" | "timer" | "waypoint" | "zone" | "author" | "handler" | "start";
}

/** One point of the way here. */
export interface TrailEntry {
  state: string;
  event: string | null;
  at: number;
  /** Who did it, where it was not the player. */
  by?: "player" | "timer" | "waypoint" | "zone" | "author" | "handler";
  granted?: string[];
  revoked?: string[];
  variant?: string | null;
  /** What a handler said, or how it changed the world. */
  text?: string;
}

/** A position: the state, the flags held, the events used up. */
export interface PositionInfo {
  state: string;
  flags: string[];
  used: string[];
}

/** One objective of a mission. */
export interface ObjectiveInfo {
  id: string;
  text: string;
  status: "done" | "active" | "pending";
}

/** A mission, and how far it has come. */
export interface MissionInfo {
  id: string;
  title: string;
  complete: boolean;
  objectives: ObjectiveInfo[];
}

/** An event that waits to see where it arrives. */
export interface ArrivalInfo {
  event: string;
  label: string;
  waitsFor: string;
  shows: Sample | null;
}

/** What the clock is for in a world. */
export interface TimeUses {
  /** Some event takes time until it lands. */
  lasting: boolean;
  /** Some event fires by itself after a time. */
  waiting: boolean;
  /** Some place is reached on foot. */
  walking: boolean;
}

/** One line said at a console. */
export interface ConsoleLine {
  who: "you" | "console";
  text: string;
}

/** An open console; of its facts only how many it may say. */
export interface TerminalInfo {
  name: string;
  persona: string;
  greeting: string | null;
  log: ConsoleLine[];
  facts: number;
  /** A question that the model has not answered yet; empty without one. */
  pending: string;
}

/** An act on the map of a campaign. */
export interface ActInfo {
  id: string;
  title: string;
  summary: string;
  x: number;
  y: number;
  /** Its title, as it is written on its card. */
  lines: string[];
  size: number;
  status: "here" | "played" | "ahead";
  /** How often it was begun. */
  begun: number;
}

/** An edge on the map of a campaign. */
export interface ActEdgeInfo {
  d: string;
  head: string;
  kind: "golden" | "deviation" | "recombine" | "loop";
  label: string;
  taken: boolean;
}

/** What led to where the player is: the next act, or a dead end that led back. */
export interface HandOver {
  kind: "act" | "rewind";
  /** The act that began. */
  title: string;
  /** The edge's label, or why the act begins again. */
  text: string;
  /** The flags it began with. */
  flags: string[];
}

/** The campaign that the world shown is an act of. */
export interface CampaignInfo {
  title: string;
  act: string;
  /** How many acts were begun. */
  number: number;
  deadEnds: number;
  acts: ActInfo[];
  edges: ActEdgeInfo[];
  box: [number, number, number, number];
  card: [number, number];
  /** What the last thing done led to; null when the act goes on. */
  handOver: HandOver | null;
}

/** Something to tell the player. */
export interface PlayerNotice {
  kind: "narration" | "landed" | "locked" | "error" | "info" | "grant";
  text: string;
}

/** A picture as a `data:` URL, and what it shows. */
export interface PictureInfo {
  src: string;
  label: string;
}

export type PainterStatus = "closed" | "connecting" | "open" | "reconnecting" | "ended" | "refused" | "lost" | "failed";

/** A thing that is looked for in the picture, and the event that pressing it fires. */
export interface AnchorInfo {
  event: string;
  thing: string;
}

/** What draws the picture, and how it fares. */
export interface PainterInfo {
  status: PainterStatus;
  detail: string;
  /** Its words about itself. */
  note: string;
  /** Whether its picture follows what happens; null until it says so. */
  followsPrompts: boolean | null;
  followsControls: boolean | null;
  /** Milliseconds from a prompt to a picture that shows it, as it says itself. */
  latencyMs: number | null;
  /** What a detector looks for; empty without one. */
  anchors: AnchorInfo[];
}

export type ActionStatus = "idle" | "working" | "proposed" | "failed";

/** A way on from a new place. */
export interface ActionWay {
  label: string;
  to: string;
}

/** What comes of an action that was typed: an event, the place it leads to, the ways on. */
export interface ProposedAction {
  label: string;
  seen: string;
  place: string;
  base: string;
  ways: ActionWay[];
  /** Whether the player still stands where it was typed. */
  canTake: boolean;
}

/** An action that was typed, and how far its writing is. */
export interface ActionInfo {
  status: ActionStatus;
  text: string;
  /** What the model does now, or what went wrong. */
  detail: string;
  proposal: ProposedAction | null;
}

/** Everything a player shows. */
export interface PlayerView {
  clock: number;
  playing: PlayingInfo | null;
  promptNow: string;
  controls: string[];
  ambient: string;
  waypoints: WaypointInfo[];
  timers: TimerInfo[];
  zones: ZoneInfo[];
  seen: Sample | null;
  protocol: number;
  serial: number;
  /** The view that drives the clock; null while it stands. */
  driver: string | number | null;
  title: string;
  state: StateInfo;
  line: string;
  /** The line of the state below `line`, where that is an event's; else empty. */
  sceneLine: string;
  prompt: string;
  offers: OfferInfo[];
  hidden: OfferInfo[];
  flags: string[];
  held: HeldInfo[];
  trail: TrailEntry[];
  /** The place of the first point of `trail`; a long one is cut at its beginning. */
  trailFrom: number;
  start: PositionInfo;
  seed: number;
  ended: EndingInfo | null;
  /** The words with which a handler stopped the run; null while it goes on. */
  stopped: string | null;
  /** Goes up whenever the world or the seed is another one: pictures and facts asked for before are out of date. */
  worldVersion: number;
  missions: MissionInfo[];
  arrivals: ArrivalInfo[];
  mode: "instant" | "real-time";
  timeUses: TimeUses;
  variants: string[];
  variant: string | null;
  intro: string | null;
  outro: string | null;
  canUndo: boolean;
  /** Whether the run may be changed by hand: flags, variants, where it begins. */
  tools: boolean;
  terminal: TerminalInfo | null;
  campaign?: CampaignInfo;
  notices: PlayerNotice[];
  /** The entrance's picture, while the player is where play begins. */
  picture?: PictureInfo;
  /** What draws the picture; left out where nothing does. */
  painter?: PainterInfo;
  /** The action that was typed last; left out where none can be typed. */
  typedAction?: ActionInfo;
  blocked: Diagnostic[];
}

/** The part of the view that changes with time alone. */
export interface PlayerNow {
  clock: number;
  playing: PlayingInfo | null;
  promptNow: string;
  controls: string[];
  ambient: string;
  waypoints: WaypointInfo[];
  timers: TimerInfo[];
  zones: ZoneInfo[];
  seen: Sample | null;
}

/** Time passed and nothing else happened since the view of that serial. */
export interface NowMessage {
  type: "now";
  id?: string | number | null;
  view?: string | number | null;
  serial: number;
  now: PlayerNow;
}

/** A frame of the picture; its bytes are the message's buffer. */
export interface FrameMessage {
  type: "frame";
  id?: string | number | null;
  view?: string | number | null;
  number: number;
  mediaType: string;
  width?: number;
  height?: number;
  /** Milliseconds from when a frame is sent until the kernel hears that it was drawn, lately. */
  delayMs?: number;
}

/** The clip of a cutscene that begins; its bytes are the message's buffer. */
export interface ClipMessage {
  type: "clip";
  id?: string | number | null;
  view?: string | number | null;
  mediaType: string;
  label: string;
  subtitle: string;
}

/** An anchor that is in the picture. */
export interface FoundAnchor {
  event: string;
  /** Its left, top, right and bottom, as shares of the picture. */
  box: [number, number, number, number];
  isClose: boolean;
  isCentered: boolean;
}

/** The anchors that were found in the picture last; all others are not in sight. */
export interface AnchorsMessage {
  type: "anchors";
  id?: string | number | null;
  view?: string | number | null;
  found: FoundAnchor[];
}

/** A flag, and the events that grant it. */
export interface FlagInfo {
  flag: string;
  events: string[];
}

/** What a tester may want to know of the whole world. */
export interface AboutWorld {
  flags: FlagInfo[];
  states: string[];
  labels: string[];
  entrance: string;
}

/** The reply to `about`. */
export interface AboutReply {
  type: "about";
  id?: string | number | null;
  view?: string | number | null;
  about: AboutWorld;
}

/** A run as text, and the name of a file to keep it in. */
export interface ScriptReply {
  type: "script";
  id?: string | number | null;
  view?: string | number | null;
  text: string;
  name: string;
}

// ---- report: browser to kernel ---------------------------------------------------------------------

/** The run to a finding of a report, by its place. */
export interface FindingTarget {
  kind: "finding";
  index: number;
}

/** The run to an ending of a report, by its state. */
export interface EndingTarget {
  kind: "ending";
  id: string;
}

/** One of the runs of a report that cover everything, by its place. */
export interface RunTarget {
  kind: "run";
  index: number;
}

export type Target = FindingTarget | EndingTarget | RunTarget;

/** Open the player at a run of a report. */
export interface PlayRun {
  type: "play";
  target: Target;
}

/** Ask for a run of a report. */
export interface RouteOf {
  type: "route";
  target: Target;
}

/** Ask a report for the runs that cover everything. */
export interface CoverOf {
  type: "cover";
}

/** Lead from a report into the editor of its world: to the thing, or to what can be done about it (`fix`). */
export interface ShowInEditor {
  type: "show";
  target: Target;
  fix?: boolean;
}

export type ReportRequest =
  | Fire
  | PassTime
  | Press
  | SwitchMode
  | BeginAt
  | Open
  | SetFlag
  | ChooseVariant
  | Observe
  | Jump
  | Ask
  | TypeAction
  | DecideAction
  | Hello
  | About
  | ScriptOf
  | PicturesOf
  | Hold
  | Shown
  | PlayRun
  | RouteOf
  | CoverOf
  | ShowInEditor;

// ---- report: kernel to browser ---------------------------------------------------------------------

/** One step of a run; `through` holds the states a sequence walks on the way. */
export interface RunHop {
  event: string;
  label: string;
  origin: string;
  state: string;
  through: string[];
}

/** A run as it is shown. */
export interface ReportRun {
  start: string;
  hops: RunHop[];
  /** How many steps follow that are not shown. */
  more: number;
  /** Which step crosses the point of no return, from 0. */
  crossing: number | null;
  length: number;
  /** How many steps are played before the player is handed over. */
  moment: number;
}

/** One finding. */
export interface ReportEntry {
  index: number;
  kind: string;
  severity: Severity;
  message: string;
  fix: string;
  states: string[];
  event: string;
  before: string[] | null;
  run: ReportRun | null;
  /** Whether a run may be had by asking for it. */
  later: boolean;
}

/** The findings of one kind, and how many more there are. */
export interface ReportGroup {
  kind: string;
  title: string;
  entries: ReportEntry[];
  more: number;
}

/** One ending; `reached` is null where that is not decided, and `kind` may be a word of a later version. */
export interface ReportEnding {
  state: string;
  kind: string;
  title: string;
  reached: boolean | null;
  run: ReportRun | null;
  later: boolean;
}

export type StateMark = "reached" | "unreached" | "unseen";

/** An ending: its state, its kind and its title. */
export type ChartEnding = [string, string, string];

/** A state: its id, its top-left corner, its name as lines, and their size. */
export type ChartCard = [string, number, number, string[], number];

/** A move: the event, the two states, its path, its arrow head's path, and a point on it. */
export type ChartLine = [string, string, string, string, string, number, number];

/** The paths of all moves that can happen, of those that cannot, and of those without a source. */
export interface ChartWeb {
  plain: string;
  dead: string;
  lost: string;
}

/** Left, top, right and bottom. */
export type ChartBox = [number, number, number, number];

/** The map of a report. */
export interface ReportChart {
  detail: "full" | "titles" | "dots";
  /** The width and the height of a card. */
  card: [number, number];
  cards: ChartCard[];
  lines: ChartLine[];
  /** Drawn where there are too many lines. */
  web: ChartWeb;
  box: ChartBox;
}

/** Everything a report shows. */
export interface ReportSeed {
  protocol: number;
  title: string;
  mark: "good" | "wrong" | "open";
  worst: Severity;
  verdict: string;
  /** The few figures that matter, each a value and a noun. */
  figures: [string, string][];
  groups: ReportGroup[];
  endings: ReportEnding[];
  endings_more: number;
  start: string | null;
  /** What is known of every state, in the order of the chart's cards. */
  marks: StateMark[];
  ends: ChartEnding[];
  stuck: string[];
  idle: string[];
  dead: string[];
  /** Whether what can be reached is known exactly. */
  exact: boolean;
  chart: ReportChart;
}

/** A run that was asked for; null when there is none. */
export interface RouteReply {
  type: "route";
  id?: string | number | null;
  view?: string | number | null;
  run: ReportRun | null;
}

/** Runs that together fire every event that can be fired. */
export interface ReportCover {
  sentence: string;
  runs: ReportRun[];
  more: number;
}

/** The runs that cover everything. */
export interface CoverReply {
  type: "cover";
  id?: string | number | null;
  view?: string | number | null;
  cover: ReportCover;
}

// ---- embedded page: kernel to browser --------------------------------------------------------------

/** A session token, for the request of that id. */
export interface TokenGrant {
  type: "token";
  id: number;
  token: string;
}

/** There is no token for the request of that id. */
export interface TokenRefusal {
  type: "refused";
  id: number;
  message: string;
}

/** The session is to end. */
export interface Destroy {
  type: "destroy";
}

export type EmbedCellMessage = TokenGrant | TokenRefusal | Destroy;

// ---- comparison: browser to kernel -----------------------------------------------------------------

/** Ask a comparison what differs in one of its changes. */
export interface FieldsOf {
  type: "fields";
  change: number;
}

/** Ask a comparison how a state that differs looks in both worlds. */
export interface ChangePicturesOf {
  type: "change_pictures";
  change: number;
}

/** Ask a comparison what the edit did to play. */
export interface PlayOf {
  type: "play";
}

/** Decide a conflict of a merge for a side. */
export interface Resolve {
  type: "resolve";
  conflict: number;
  side: "ours" | "theirs" | "base";
}

/** Decide a conflict of a merge for a text of one's own, in the form that its result has. */
export interface WriteResult {
  type: "write";
  conflict: number;
  text: string;
}

/** Apply the revision that is shown to the editor of its world. */
export interface Accept {
  type: "accept";
}

export type CompareRequest = Hello | FieldsOf | ChangePicturesOf | PlayOf | Resolve | WriteResult | Accept;

// ---- comparison: kernel to browser -----------------------------------------------------------------

/** What became of a thing; `was` is a way that a changed event no longer leads. */
export type MapMark = "same" | "added" | "removed" | "renamed" | "changed" | "moved" | "was";

/** A node's number, what became of it, and the change it belongs to, or -1. */
export type MarkedNode = [number, MapMark, number];

/** The worlds a thing is of. */
export type MapSide = "both" | "before" | "after";

/** What became of an event of the map, the worlds it is of, and its change, or -1. */
export type MarkedPiece = [MapMark, MapSide, number];

/** One thing that differs, and where on the map it is. */
export interface ComparedChange {
  kind: "world" | "state" | "event";
  id: string;
  marks: ItemMark[];
  was?: string;
  /** Null when they are sent later. */
  fields: FieldChange[] | null;
  nodes: number[];
  pieces: number[];
}

/** Something both sides of a merge changed; a side that holds nothing deleted it. */
export interface MergeConflict {
  path: string;
  /** The same place as data, with the name it has in the merged world. */
  item: DiagnosticItem;
  why: string;
  ours: FieldChange[];
  theirs: FieldChange[];
  /** What was picked: nothing yet, a side, or a value of one's own. */
  picked: "" | "ours" | "theirs" | "base" | "value";
  result: ConflictResult;
  nodes: number[];
  pieces: number[];
}

/** Everything a comparison shows. */
export interface ComparisonSeed {
  protocol: number;
  /** What the world before is called, and the world after. */
  names: [string, string];
  world: JsonObject;
  order: string[];
  layout: Positions;
  nodes: MarkedNode[];
  pieces: MarkedPiece[];
  changes: ComparedChange[];
  /** Of a merge. */
  conflicts?: MergeConflict[];
}

/** What differs in one change. */
export interface FieldsReply {
  type: "fields";
  id?: string | number | null;
  view?: string | number | null;
  fields: FieldChange[];
}

/** How a state looks in the world before and in the world after; null where it is not there, or looks the same. */
export interface ChangePicturesReply {
  type: "change_pictures";
  id?: string | number | null;
  view?: string | number | null;
  before: StatePicture | null;
  after: StatePicture | null;
}

/** What the edit did to play. */
export interface PlayReply {
  type: "play";
  id?: string | number | null;
  view?: string | number | null;
  sentences: string[];
}
