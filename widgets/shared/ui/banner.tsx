/** A line across the top about the state of the whole view. */
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
