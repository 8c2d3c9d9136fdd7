/** Line icons on a 16-pixel grid, drawn as elements. */
import type { JSX } from "preact";

const PATHS = {
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  undo: "M6 4 3 7l3 3M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
  redo: "m10 4 3 3-3 3M13 7H6.5a3.5 3.5 0 0 0 0 7H9",
  restart: "M4.5 5A5 5 0 1 1 3 8.6M4.5 2v3h3",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM11 11l3 3",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  close: "m4 4 8 8M12 4l-8 8",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9M6.8 7v4M9.2 7v4",
  help: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM6.2 6.2A1.9 1.9 0 1 1 8 8.6v.9M8 11.6v.1",
  error: "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3ZM8 4.8v3.7M8 11v.1",
  warning: "M8 2 1.6 13.5h12.8ZM8 6.5v3.2M8 11.6v.1",
  info: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.4v3.8M8 4.9v.1",
  check: "m3 8.5 3.2 3.2L13 5",
  start: "M5 3v10l8-5Z",
  win: "M5 2h6v4a3 3 0 0 1-6 0ZM5 3H2.8v1A2.2 2.2 0 0 0 5 6.2M11 3h2.2v1A2.2 2.2 0 0 1 11 6.2M8 9v3M5.5 13.5h5",
  other: "M3.5 3.5h9v9h-9Z",
  lose: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM4 12l8-8",
  lock: "M4 7.5h8v6H4ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  clock: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4.5V8l2.4 1.8",
  hidden: "M2 8s2.3-4 6-4 6 4 6 4-2.3 4-6 4-6-4-6-4ZM3 13 13 3",
  film: "M2.5 3h11v10h-11ZM5.5 3v10M10.5 3v10M2.5 6.3h3M2.5 9.7h3M10.5 6.3h3M10.5 9.7h3",
  override: "M3 8a5 5 0 0 1 8.5-3.5L13 6M13 3v3h-3M13 8a5 5 0 0 1-8.5 3.5L3 10M3 13v-3h3",
  terminal: "M2 3h12v10H2ZM4.5 6.2 6.5 8l-2 1.8M8 10h3",
  ambient: "M2 5.5c2-2 4 2 6 0s4 2 6 0M2 10.5c2-2 4 2 6 0s4 2 6 0",
  arrow: "M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5",
  layers: "M8 2 1.8 5.5 8 9l6.2-3.5ZM1.8 8.8 8 12.3l6.2-3.5",
  code: "m5.5 4-4 4 4 4M10.5 4l4 4-4 4",
  table: "M2 3h12v10H2ZM2 6.3h12M2 9.7h12M6.5 6.3V13",
  tidy: "M2 3h4v4H2ZM10 2.5h4v4h-4ZM10 9.5h4v4h-4ZM6 5h4M8 5v6.5h2",
  flag: "M3.5 14V2.5h8l-1.8 3 1.8 3h-8",
  panel: "M2 3h12v10H2ZM10 3v10",
  offline: "M3 11.5a3 3 0 0 1 .6-5.9A4.2 4.2 0 0 1 11 5M13 8a2.6 2.6 0 0 1-.6 4H6M2 2l12 12",
  once: "M6.5 5.5 8.5 4v8M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z",
  play: "M5 3v10l8-5Z",
  routes: "M2 8h3.5L9 3.5h5M5.5 8 9 12.5h5M12 1.5l2 2-2 2M12 10.5l2 2-2 2",
  pause: "M5.5 3v10M10.5 3v10",
  forward: "M3 3.5v9L9 8ZM11.5 3.5v9",
  chevron: "m4 6 4 4 4-4",
  eye: "M2 8s2.3-4 6-4 6 4 6 4-2.3 4-6 4-6-4-6-4ZM8 9.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z",
  pencil: "m10.4 2.8 2.8 2.8-7.7 7.7-3.3.5.5-3.3ZM8.8 4.4l2.8 2.8",
  camera: "M2 5.5h2.6L6 3.5h4l1.4 2H14v7H2ZM8 11.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
  picture: "M2 3h12v10H2ZM2 11l3.5-4 3 3.2L10.5 8 14 11.5M10.6 6.2a.9.9 0 1 0 0-1.8.9.9 0 0 0 0 1.8Z",
  variants: "M5.5 5.5h8v8h-8ZM2.5 10.5v-8h8",
  mission: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  arrive: "M8 14s4.5-4.2 4.5-7.6a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14ZM8 8.2a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  copy: "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3",
  frame: "M2.5 5V2.5H5M7 2.5h2M11 2.5h2.5V5M13.5 7v2M13.5 11v2.5H11M9 13.5H7M5 13.5H2.5V11M2.5 9V7",
  expand: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
  note: "M2.5 2.5h11v7.5L10 13.5H2.5ZM13.5 10H10v3.5M5 5.5h6M5 8h4",
  shield: "M8 1.5 3 3.5v4c0 3.4 2.1 5.9 5 7 2.9-1.1 5-3.6 5-7v-4ZM5.6 7.9l1.8 1.8 3.1-3.4",
  legend: "M2.5 4h3v3h-3ZM2.5 10h3v3h-3ZM8 5.5h6M8 11.5h6",
  left: "M2.5 2v12M5 4.5h8v2.5H5ZM5 9.5h5V12H5Z",
  centre: "M8 2v12M3.5 4.5h9v2.5h-9ZM5.5 9.5h5V12h-5Z",
  right: "M13.5 2v12M3 4.5h8v2.5H3ZM6 9.5h5V12H6Z",
  top: "M2 2.5h12M4.5 5v8H7V5ZM9.5 5v5H12V5Z",
  middle: "M2 8h12M4.5 3.5v9H7v-9ZM9.5 5.5v5H12v-5Z",
  bottom: "M2 13.5h12M4.5 3v8H7V3ZM9.5 6v5H12V6Z",
  across: "M2.5 2.5v11M13.5 2.5v11M6.5 5h3v6h-3Z",
  down: "M2.5 2.5h11M2.5 13.5h11M5 6.5h6v3H5Z",
} as const;

export type IconName = keyof typeof PATHS;

/** Return the outline of an icon, for drawing on a canvas. */
export function iconPath(name: IconName): string {
  return PATHS[name];
}

/** Show an icon. It is hidden from screen readers: the word beside it, or the control's label, says it. */
export function Icon({ name, class: extra = "" }: { name: IconName; class?: string }): JSX.Element {
  return (
    <svg class={`wk-icon ${extra}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
