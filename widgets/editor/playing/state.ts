/** The player that the kernel opens for one view: the world at its start, or the run of a property. */
import { type Signal, signal } from "@preact/signals";
import type { Disposal } from "../../shared/disposal";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { PlayedReply, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";

interface OpenedPlayer {
  readonly id: string;
  /** The property whose run it shows; empty for the world, which the player names itself. */
  readonly title: string;
}

export interface Play {
  readonly player: Signal<OpenedPlayer | null>;
  /** Open the run of a property; with null the world at its start. */
  open(property: string | null): Promise<void>;
  /** Close the player, so that the map no longer shows its run. */
  close(): void;
}

export function openPlay(model: WidgetModel, link: Link, notices: Notices, disposal: Disposal): Play {
  const player = signal<OpenedPlayer | null>(null);
  /** How many replies are awaited that may say that a player was opened. */
  let awaitedPlayers = 0;
  const close = () => {
    player.value = null;
    void link.request({ type: "close_player" });
  };
  // Nobody else can close it, and the map would show its run.
  const leave = () => {
    if (player.peek() || awaitedPlayers > 0) close();
  };
  disposal.add(leave);
  if (typeof window !== "undefined")
    disposal.listen(window, "pagehide", (event: PageTransitionEvent) => {
      if (!event.persisted) leave();
    });
  return {
    player,
    open: async (property) => {
      if (property === null && awaitedPlayers > 0) return;
      awaitedPlayers += 1;
      const reply = await link.request<PlayedReply | Rejected>({ type: "play", property });
      awaitedPlayers -= 1;
      if (!notices.answered(reply, "play")) return;
      if (reply.player === null)
        notices.show(`The ${property === null ? "world" : "run"} is open in the player beside this editor.`);
      else if (typeof model.widget_manager?.get_model === "function")
        player.value = { id: reply.player, title: property ?? "" };
      else {
        close();
        notices.show("This page shows no second widget. Run wk.play(editor) in another cell, then press again.");
      }
    },
    close,
  };
}
