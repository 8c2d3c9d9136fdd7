// React Flow with its own default nodes; `?culled` has it render only what is in view.
import "@xyflow/react/dist/style.css";
import { ReactFlow } from "@xyflow/react";
import { createRoot } from "react-dom/client";

const { probe } = globalThis;
const graph = await fetch("graph.json").then((got) => got.json());
probe.mark("fetched");

const nodes = graph.nodes.map(({ id, x, y }) => ({
  id,
  position: { x, y },
  data: { label: id },
  width: graph.card.w,
  height: graph.card.h,
}));
const edges = graph.edges.map(({ id, source, target }) => ({ id, source, target }));
const element = document.getElementById("w");
let flow = null;

globalThis.bench = {
  drawn: () => element.querySelector(".react-flow__node") !== null && element.querySelector(".react-flow__edge-path") !== null,
  near: () => {
    for (const node of element.querySelectorAll(".react-flow__node")) {
      const { left, top, width, height } = node.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 4];
      if (node.dataset.id !== graph.start && node.contains(document.elementFromPoint(x, y))) return { id: node.dataset.id, x, y };
    }
    return null;
  },
  ground: () => ({ x: 14, y: 14 }),
  far: (id) => {
    const position = flow.getNode(id)?.position;
    if (!position) return null;
    return flow.flowToScreenPosition({ x: position.x + graph.card.w / 2, y: position.y + graph.card.h / 2 });
  },
  overview: () => flow.fitView({ padding: "48px" }),
  gone: (id) => flow.getNode(id) === undefined && element.querySelector(`[data-id="${id}"]`) === null,
};

createRoot(element).render(
  <ReactFlow
    defaultNodes={nodes}
    defaultEdges={edges}
    defaultViewport={{ x: graph.view.x, y: graph.view.y, zoom: graph.view.k }}
    minZoom={0.001}
    deleteKeyCode="Delete"
    onlyRenderVisibleElements={location.search === "?culled"}
    onInit={(made) => {
      flow = made;
    }}
  />,
);
probe.mark("rendered");
probe.marks.painted = await probe.until(() => flow !== null && globalThis.bench.drawn());
globalThis.opened = true;
