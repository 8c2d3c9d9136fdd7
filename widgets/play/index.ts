/** The player and the report, which holds a player, in one bundle: every widget on a page carries the whole of its own. */
import { openEmbedded } from "../player/embedded";
import { renderPlayer } from "../player/index";
import { renderReport } from "../report/index";
import type { RenderProps } from "../shared/model";
import "./play.css";

export default {
  render: (props: RenderProps) =>
    props.model.get("report") === undefined ? renderPlayer(props) : renderReport(props, openEmbedded),
};
