// Cytoscape.js, which is what ipycytoscape shows in a notebook, with its defaults.
import cytoscape from "cytoscape";

const { probe } = globalThis;
const graph = await fetch("graph.json").then((got) => got.json());
probe.mark("fetched");

const { card, view } = graph;
const element = document.getElementById("w");
const cy = cytoscape({
  container: element,
  elements: {
    nodes: graph.nodes.map(({ id, x, y }) => ({ data: { id }, position: { x: x + card.w / 2, y: y + card.h / 2 } })),
    edges: graph.edges.map(({ id, source, target }) => ({ data: { id: `edge ${id}`, source, target } })),
  },
  style: [
    {
      selector: "node",
      style: { shape: "rectangle", width: card.w, height: card.h, label: "data(id)", "text-valign": "center" },
    },
    { selector: "edge", style: { "curve-style": "bezier", "target-arrow-shape": "triangle" } },
  ],
  layout: { name: "preset" },
  zoom: view.k,
  pan: { x: view.x, y: view.y },
  minZoom: 0.001,
});
probe.mark("rendered");
let drawn = false;
cy.one("render", () => {
  drawn = true;
});
addEventListener("keydown", ({ key }) => key === "Delete" && cy.remove(":selected"));

globalThis.bench = {
  near: () => {
    const { clientWidth: w, clientHeight: h } = element;
    for (const node of cy.nodes()) {
      const { x1, y1, x2, y2 } = node.renderedBoundingBox();
      if (node.id() !== graph.start && x1 > 0 && y1 > 0 && x2 < w && y2 < h) return { id: node.id(), ...node.renderedPosition() };
    }
    return null;
  },
  ground: () => ({ x: 14, y: 14 }),
  far: (id) => (cy.getElementById(id).empty() ? null : cy.getElementById(id).renderedPosition()),
  overview: () => cy.fit(undefined, 48),
  gone: (id) => cy.getElementById(id).empty(),
};
probe.marks.painted = await probe.until(() => drawn);
globalThis.opened = true;
