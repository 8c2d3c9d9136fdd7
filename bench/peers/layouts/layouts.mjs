// Lays out a graph from standard input by the peer that is named; prints corners by node, the points that each line
// runs through, in the order of the lines, and the milliseconds it took.
import { readFileSync } from "node:fs";
import process from "node:process";

const { nodes, edges, width, height } = JSON.parse(readFileSync(0, "utf8"));
const GAP = { column: 80, row: 40 };

const peers = {
  async elk() {
    const { default: ELK } = await import("elkjs");
    const graph = {
      id: "root",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "RIGHT",
        "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP.column),
        "elk.spacing.nodeNode": String(GAP.row),
      },
      children: nodes.map((id) => ({ id: String(id), width, height })),
      edges: edges.map(([a, b], at) => ({ id: `e${at}`, sources: [String(a)], targets: [String(b)] })),
    };
    const elk = new ELK();
    const { result, milliseconds } = await timed(() => elk.layout(graph));
    const corners = Object.fromEntries(result.children.map(({ id, x, y }) => [id, [x, y]]));
    const paths = result.edges.map(({ sections: [{ startPoint, bendPoints = [], endPoint }] }) =>
      [startPoint, ...bendPoints, endPoint].map(point),
    );
    return { corners, paths, milliseconds };
  },
  async dagre() {
    const { default: dagre } = await import("@dagrejs/dagre");
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir: "LR", ranksep: GAP.column, nodesep: GAP.row });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const id of nodes) graph.setNode(String(id), { width, height });
    for (const [a, b] of edges) graph.setEdge(String(a), String(b));
    const { milliseconds } = await timed(() => dagre.layout(graph));
    const corner = ({ x, y }) => [x - width / 2, y - height / 2];
    const corners = Object.fromEntries(graph.nodes().map((id) => [id, corner(graph.node(id))]));
    const paths = edges.map(([a, b]) => graph.edge(String(a), String(b)).points.map(point));
    return { corners, paths, milliseconds };
  },
};

const point = ({ x, y }) => [x, y];

async function timed(work) {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  return { result, milliseconds: (user + system) / 1000 };
}

const peer = peers[process.argv[2]];
if (!peer) throw new Error(`expected one of ${Object.keys(peers).join(", ")}, got ${process.argv[2]}`);
process.stdout.write(JSON.stringify(await peer()));
