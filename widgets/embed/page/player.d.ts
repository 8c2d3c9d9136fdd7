import type { PageModel } from "./model";

declare const player: { render(props: { model: PageModel; el: HTMLElement }): unknown };
export default player;
