/** Buttons with accessible names. */
import type { JSX } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  /** What it does, where its visible words do not say it: the accessible name, and the tooltip of an icon alone. */
  label?: string;
  onPress: (event: MouseEvent) => void;
  icon?: IconName;
  /** Visible words; without them only the icon shows. */
  children?: JSX.Element | string | (JSX.Element | string | null)[] | null;
  /** A class for the visible words, by which they go where there is no room. */
  wordsClass?: string;
  tooltip?: string;
  kind?: "plain" | "primary" | "outline" | "quiet";
  small?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  class?: string;
}

export function Button(props: ButtonProps): JSX.Element {
  const { label, onPress, icon, children, tooltip, kind = "plain", small, disabled, pressed, expanded } = props;
  const classes = ["wk-button", `wk-${kind}`, props.class ?? ""];
  if (small) classes.push("wk-small");
  if (!children) classes.push("wk-only-icon");
  return (
    <button
      type="button"
      class={classes.join(" ").trim()}
      aria-label={label}
      title={tooltip ?? (children ? undefined : label)}
      disabled={disabled ?? false}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onPress}
    >
      {icon ? <Icon name={icon} /> : null}
      {props.wordsClass ? <span class={props.wordsClass}>{children}</span> : children}
    </button>
  );
}
