/** A line across the top that says what state the whole view is in. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon";

export function Banner({
  icon,
  text,
  children,
}: {
  icon: IconName;
  text: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="wk-banner" role="status">
      <Icon name={icon} />
      <span>{text}</span>
      {children}
    </div>
  );
}
