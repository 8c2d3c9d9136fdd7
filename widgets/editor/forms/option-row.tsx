/** One row of a list of options, whose keys are those of the field above it. */
import type { JSX } from "preact";
import { Icon, type IconName } from "../../shared/ui/icon";

interface OptionRowProps {
  readonly id: string;
  readonly value: string;
  readonly detail?: string | undefined;
  readonly icon?: IconName | undefined;
  readonly active: boolean;
  readonly onPick: () => void;
}

export function OptionRow({ id, value, detail, icon, active, onPick }: OptionRowProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys of this list
    <div id={id} role="option" tabIndex={-1} aria-selected={active} onClick={onPick}>
      {icon ? <Icon name={icon} /> : null}
      <span class="we-option-name">{value}</span>
      {detail ? <span class="we-option-detail">{detail}</span> : null}
    </div>
  );
}
