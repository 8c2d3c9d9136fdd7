/** The way to the page around the player: messages go to one origin, or nowhere, and come from there only. */
import { FROM_PAGE, FROM_PARENT, type PagePayloads, type PageType } from "../messages";

export interface Requests {
  token(token: string): void;
  /** Colours for the page: "light" or "dark", or those that the browser prefers. */
  theme(colorScheme: string): void;
  destroy(): void;
}

export interface Parent {
  tell<T extends PageType>(type: T, payload: PagePayloads[T]): void;
}

/** Listen to the parent; with an empty origin nothing is told, and nothing is heard. */
export function openParent(origin: string, requests: Requests): Parent {
  const framed = parent !== window && origin !== "";
  if (framed) {
    addEventListener("message", ({ source, origin: from, data }) => {
      if (source !== parent || from !== origin || typeof data !== "object" || data === null) return;
      const isToken = (data.source === FROM_PARENT && data.type === "token") || data.type === "worldkit:token";
      if (isToken && typeof data.token === "string") requests.token(data.token);
      if (data.source !== FROM_PARENT) return;
      if (data.type === "theme" && typeof data.colorScheme === "string") requests.theme(data.colorScheme);
      else if (data.type === "destroy") requests.destroy();
    });
  }
  return {
    tell(type, payload) {
      if (!framed) return;
      // the Studio reads the reason beside the type
      const reason = type === "ended" ? { reason: (payload as PagePayloads["ended"]).reason } : {};
      parent.postMessage({ source: FROM_PAGE, type, payload, ...reason }, origin);
      // pages that were written for worldkit 0.0 listen for this
      if (type === "token-expiring") parent.postMessage({ type: "worldkit:token-expiring" }, origin);
    },
  };
}
