/** What the report needs of a player; `play/` hands one in. */
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Disposal } from "../shared/disposal";
import type { Host } from "../shared/host";
import type { Link } from "../shared/link";
import type { Notices } from "../shared/ui/toasts";

export interface EmbeddedPlayer {
  /** Whether the kernel answers. */
  readonly online: ReadonlySignal<boolean>;
  /** Whether the kernel was asked whether it does, and may still answer. */
  readonly asking: ReadonlySignal<boolean>;
  reconnect(): void;
  /** Return the whole player, as it is shown in a host of its own. */
  element(host: Host): JSX.Element;
}

export type OpenPlayer = (
  link: Link,
  notices: Notices,
  view: ReadonlySignal<unknown>,
  disposal: Disposal,
) => EmbeddedPlayer;
