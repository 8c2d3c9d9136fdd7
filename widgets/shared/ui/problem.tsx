/** Why something was not done, under what it is about. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { reveal } from "../reveal";

export function Problem({ text, role }: { text: string | null; role?: "alert" }): JSX.Element | null {
  const paragraph = useRef<HTMLParagraphElement>(null);
  // it answers what was just done, which in a form that scrolls may be the last thing that is seen
  useLayoutEffect(() => {
    if (paragraph.current) reveal(paragraph.current);
  }, [text]);
  return text ? (
    <p ref={paragraph} class="wk-hint wk-error" role={role}>
      {text}
    </p>
  ) : null;
}
