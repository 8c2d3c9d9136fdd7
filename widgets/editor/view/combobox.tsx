/** A text box over a list that it filters: arrows move in the list, Enter picks, Escape leaves. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../../shared/ui/icon";

interface Choice {
  readonly key: string;
  readonly icon: IconName;
  readonly name: string;
  readonly context: string;
}

interface ComboboxProps {
  readonly icon: IconName;
  readonly label: string;
  /** Shown while nothing is typed; the label, when there is none. */
  readonly placeholder?: string;
  readonly listLabel: string;
  /** What is typed is prose. */
  readonly prose?: boolean;
  /** Tab leaves as Escape does. */
  readonly tabLeaves?: boolean;
  /** What is typed stays as it is, also when the keyboard goes elsewhere. */
  readonly readOnly?: boolean;
  readonly choices: readonly Choice[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** The choice at an index was picked; -1 when there is none. The keyboard is still in the box. */
  readonly onPick: (index: number, box: Element | null) => void;
  /** `box` is null when the keyboard has gone elsewhere already. */
  readonly onLeave: (box: Element | null) => void;
  readonly children?: ComponentChildren;
}

export function Combobox(props: ComboboxProps): JSX.Element {
  const { icon, label, choices, query, onQuery, onPick, onLeave } = props;
  const [row, setRow] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    input.current?.focus({ preventScroll: true });
    // What it begins with is there to be typed over.
    input.current?.select();
  }, []);
  const activeRow = Math.min(row, choices.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) setRow((activeRow + move + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") onPick(activeRow, input.current);
    else if (event.key === "Escape" || (event.key === "Tab" && props.tabLeaves)) onLeave(input.current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <div class="we-search-box">
        <Icon name={icon} class="wk-muted" />
        <input
          ref={input}
          class="we-search-input"
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={choices.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={choices.length > 0 ? `${id}-${activeRow}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={props.prose ?? false}
          placeholder={props.placeholder ?? label}
          value={query}
          readOnly={props.readOnly ?? false}
          onInput={(event) => {
            onQuery(event.currentTarget.value);
            setRow(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => !props.readOnly && onLeave(null)}
        />
      </div>
      <div class="we-hits" id={`${id}-list`} role="listbox" aria-label={props.listLabel}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys of this list
          <div
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === activeRow}
            class="we-hit"
            onMouseDown={(event) => event.preventDefault()}
            onPointerMove={() => index !== activeRow && setRow(index)}
            onClick={() => onPick(index, input.current)}
          >
            <Icon name={choice.icon} />
            <span class="we-hit-name">{choice.name}</span>
            <span class="we-hit-context">{choice.context}</span>
          </div>
        ))}
        {props.children}
      </div>
    </>
  );
}

/** Give the keyboard to the map. */
export function focusMap(from: Element | null): void {
  from?.closest(".wk-root")?.querySelector<HTMLElement>(".we-stage")?.focus({ preventScroll: true });
}
