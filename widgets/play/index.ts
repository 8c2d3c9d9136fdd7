/** The player and the report, which holds a player, in one bundle: every widget on a page carries the whole of its own. */
import { player } from "../player/index";
import { report } from "../report/index";
import type { RenderProps } from "../shared/model";

export default {
  render: (props: RenderProps) => (props.model.get("report") === undefined ? player(props) : report(props)),
};
