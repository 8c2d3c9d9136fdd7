import { describe, expect, test } from "vitest";
import { handleAt, handles } from "../../editor/graph/edge-handles";
import { fromSeed } from "../../map/document";
import {
  bounds,
  type Curve,
  distance,
  firstOf,
  lastOf,
  overlap,
  pointAt,
  pointOn,
  type Route,
  routeBounds,
  routeDistance,
} from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { kindBetween, sidesOf } from "../../map/geometry/kinds";
import { cardRect, type Ends, routeOf } from "../../map/geometry/route";
import { firstIndex } from "../../map/geometry/search";
import { buildGraph } from "../../map/graph";
import { labelWidth } from "../../map/labels";
import { movedRoutes } from "../../map/moved-routes";
import { buildScene, hit, labelOf, nodesIn, type Scene } from "../../map/scene";
import { strongLabel } from "../../map/strong-label";
import {
  clearOfMinimap,
  fitBesideTools,
  fitRect,
  interpolate,
  MAX_ZOOM,
  MIN_ZOOM,
  pan,
  revealRect,
  toScreen,
  toWorld,
  visibleRect,
  zoomAt,
} from "../../map/viewport";
import type { JsonObject } from "../../shared/json";
import type { Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const move = (name: string, from: string, to: string): JsonObject => ({ name, kind: "transition", from: [from], to });
function scene(layout: { [id: string]: Position }, events: JsonObject[]) {
  const doc = fromSeed(seedOf(Object.keys(layout), events, { layout }));
  return buildScene(buildGraph(doc), doc.layout);
}
const labelsOf = (drawing: Scene) => drawing.graph.edges.map((_, edge) => labelOf(drawing, edge));
const crosses = (a: Route, b: Route): boolean => {
  const at = (route: Route) => Array.from({ length: 81 }, (_, i) => pointOn(route, i / 80));
  const [p, q] = [at(a), at(b)];
  const side = (o: { x: number; y: number }, s: { x: number; y: number }, e: { x: number; y: number }) =>
    Math.sign((e.x - s.x) * (o.y - s.y) - (e.y - s.y) * (o.x - s.x));
  for (let i = 1; i < p.length; i += 1) {
    for (let j = 1; j < q.length; j += 1) {
      const [a0, a1, b0, b1] = [p[i - 1], p[i], q[j - 1], q[j]];
      if (!a0 || !a1 || !b0 || !b1) continue;
      if (side(b0, a0, a1) * side(b1, a0, a1) < 0 && side(a0, b0, b1) * side(a1, b0, b1) < 0) return true;
    }
  }
  return false;
};

describe("edges", () => {
  test.each<[Position, string, string]>([
    [[448, 0], "right", "left"],
    [[-448, 40], "left", "right"],
    [[20, 240], "bottom", "top"],
    [[-20, -240], "top", "bottom"],
    [[0, 900], "right", "right"],
    [[10, 10], "right", "right"],
  ])("towards %j leave and enter on the sides that face each other", (target, from, to) => {
    expect(sidesOf(kindBetween([0, 0], target, null))).toEqual([from, to]);
  });

  test("begin and end on the borders of their cards", () => {
    const decision = { kind: "ahead", passages: null } as const;
    const ends: Ends = { source: [0, 0], target: [448, 240], decision, shifts: [14, -14], counts: [2, 2], loop: 0 };
    const route = routeOf(ends, null);
    const [{ x0, y0 }, { x1, y1 }] = [firstOf(route), lastOf(route)];
    expect([x0, y0, x1, y1]).toEqual([CARD_W, CARD_H / 2 + 14, 448, 240 + CARD_H / 2 - 14]);
  });

  test.each<[Position]>([[[448, 0]], [[448, -300]], [[448, 300]], [[-448, 300]], [[0, 240]]])(
    "there and back again towards %j run side by side",
    (place) => {
      const { routes } = scene({ a: [0, 0], b: place }, [
        move("go", "a", "b"),
        move("back", "b", "a"),
        move("again", "a", "b"),
      ]);
      const [there, back, again] = routes as [Route, Route, Route];
      expect([crosses(there, back), crosses(back, again), crosses(there, again)]).toEqual([false, false, false]);
    },
  );

  test("leave a card in the order of what they lead to, so that they do not cross", () => {
    const { routes } = scene({ a: [0, 0], low: [448, 300], high: [448, -300], mid: [448, 0] }, [
      move("1", "a", "low"),
      move("2", "a", "high"),
      move("3", "a", "mid"),
    ]);
    const [low, high, mid] = routes.map(firstOf) as [Curve, Curve, Curve];
    expect(high.y0).toBeLessThan(mid.y0);
    expect(mid.y0).toBeLessThan(low.y0);
  });

  test("stay on their card's side however many there are", () => {
    const { ports } = scene(
      { a: [0, 0], b: [448, 0] },
      Array.from({ length: 60 }, (_, n) => move(`e${n}`, "a", "b")),
    );
    for (const shift of ports.out) expect(Math.abs(shift)).toBeLessThan(CARD_H / 2);
  });

  test("of a state to itself are loops, each its own; those to nowhere are stubs", () => {
    const { routes } = scene({ a: [0, 0] }, [move("x", "a", "a"), move("y", "a", "a"), move("z", "a", "gone")]);
    const [x, y, z] = routes.map(firstOf) as [Curve, Curve, Curve];
    expect([x.y0, lastOf(routes[0] as Route).y1]).toEqual([0, 0]);
    expect(x.x0).not.toBe(y.x0);
    expect([z.x0, z.y1]).toEqual([CARD_W, z.y0]);
  });

  test("of a card that is dragged follow it, and no others do", () => {
    const drawing = scene({ a: [0, 0], b: [448, 0], c: [896, 0] }, [move("ab", "a", "b"), move("bc", "b", "c")]);
    const routes = movedRoutes(drawing, new Map([[0, [0, 240] as Position]]));
    expect([...routes.keys()]).toEqual([0]);
    expect(firstOf(routes.get(0) as Route).y0).toBe(firstOf(drawing.routes[0] as Route).y0 + 240);
  });

  test.each<[string, { [id: string]: Position }]>([
    ["ahead", { a: [0, 0], b: [1008, 0], wall: [504, 0] }],
    ["ahead past a column", { a: [0, 0], b: [1008, 240], wall: [504, 0], wall2: [504, 240], wall3: [504, -240] }],
    ["back", { a: [1008, 0], b: [0, 20], wall: [504, 10] }],
    ["down a column", { a: [0, 0], b: [0, 480], wall: [0, 240] }],
    ["back over a row", { a: [1512, 0], b: [0, 500], wall: [504, 0], wall2: [1008, 500] }],
  ])("never run behind a card where there is a way round: %s", (_, layout) => {
    const drawing = scene(layout, [move("go", "a", "b"), move("again", "a", "b"), move("back", "b", "a")]);
    const walls = Object.keys(layout).flatMap((id, node) => (id.startsWith("wall") ? [drawing.places[node]] : []));
    expect(walls.length).toBeGreaterThan(0);
    for (const route of drawing.routes) {
      for (let at = 0; at <= 100; at += 1) {
        const { x, y } = pointOn(route, at / 100);
        for (const wall of walls) {
          const [left, top] = wall ?? [0, 0];
          expect(x > left && x < left + CARD_W && y > top && y < top + CARD_H, `(${x}, ${y})`).toBe(false);
        }
      }
    }
  });

  test("that pass the same card run side by side, not on each other", () => {
    const drawing = scene({ a: [0, 0], b: [1008, 0], wall: [504, 0] }, [move("1", "a", "b"), move("2", "a", "b")]);
    const [one, two] = drawing.routes.map((route) => pointOn(route, 0.5).y) as [number, number];
    expect(Math.abs(one - two)).toBeGreaterThanOrEqual(10);
  });

  test("can be taken up by their ends, clear of the cards; one that leads nowhere by its loose end only", () => {
    const drawing = scene({ a: [0, 0], b: [504, 0] }, [move("go", "a", "b"), move("lost", "a", "gone")]);
    const [go, lost] = drawing.graph.edges as [
      (typeof drawing.graph.edges)[number],
      (typeof drawing.graph.edges)[number],
    ];
    const [route, stub] = drawing.routes as [Route, Route];
    expect(handles(go, route, 1).map(({ end }) => end)).toEqual(["to", "from"]);
    expect(handles(lost, stub, 1).map(({ end }) => end)).toEqual(["to"]);
    for (const { end, at } of handles(go, route, 1)) {
      expect(at.x > CARD_W + 14 && at.x < 504 - 8).toBe(true);
      expect(handleAt(go, route, at, 1)).toBe(end);
    }
    expect(handleAt(go, route, pointOn(route, 0.5), 1)).toBeNull();
    expect(lastOf(stub).x1).toBeGreaterThan(CARD_W);
  });
});

describe("finding what is under the pointer", () => {
  const drawing = scene({ a: [0, 0], b: [600, 0] }, [move("go_somewhere", "a", "b")]);

  test("prefers a card, then a label, then the nearest line within reach", () => {
    expect(hit(drawing, { x: 10, y: 10 }, 7, true)).toEqual({ kind: "node", node: 0 });
    const label = labelOf(drawing, 0);
    expect(hit(drawing, { x: (label?.x ?? 0) + 2, y: (label?.y ?? 0) + 2 }, 0, true)).toEqual({
      kind: "edge",
      edge: 0,
    });
    expect(hit(drawing, { x: 320, y: CARD_H / 2 + 5 }, 7, false)).toEqual({ kind: "edge", edge: 0 });
    expect(hit(drawing, { x: 320, y: CARD_H / 2 + 40 }, 7, false)).toBeNull();
  });

  test("finds every card that a frame touches", () => {
    expect(nodesIn(drawing, { x: 200, y: 100, w: 500, h: 10 })).toEqual([0, 1]);
    expect(nodesIn(drawing, { x: 300, y: 100, w: 100, h: 10 })).toEqual([]);
  });

  test("finds nothing in an empty world", () => {
    expect(hit(scene({}, []), { x: 0, y: 0 }, 7, true)).toBeNull();
  });

  test("finds the card on top where two lie over each other", () => {
    expect(hit(scene({ a: [0, 0], b: [20, 20] }, []), { x: 100, y: 100 }, 0, false)).toEqual({ kind: "node", node: 1 });
  });
});

describe("labels", () => {
  test("cover neither cards nor each other while there is room", () => {
    const drawing = scene({ a: [0, 0], b: [520, 0], c: [520, 240] }, [
      move("go", "a", "b"),
      move("back", "b", "a"),
      move("down", "a", "c"),
    ]);
    const boxes = labelsOf(drawing).filter((box) => box !== null);
    expect(boxes).toHaveLength(3);
    for (const [i, box] of boxes.entries()) {
      for (const place of drawing.places) expect(overlap(box, cardRect(place))).toBe(false);
      for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  test("of what is pointed at cover no card at any zoom, and stay near their place", () => {
    const drawing = scene({ a: [0, 0], b: [480, 0], c: [480, 220], d: [0, 220] }, [
      move("go_up_the_long_stair", "a", "b"),
      move("go_back_down_again", "b", "a"),
      move("down_to_the_cellar", "a", "c"),
      move("along_the_wall", "d", "b"),
    ]);
    for (const k of [0.79, 0.6, 0.45, 0.3, 0.2]) {
      for (const label of labelsOf(drawing)) {
        if (!label) continue;
        const box = strongLabel(drawing, label, k, 0.8);
        expect(box.scale).toBeCloseTo(0.8 / k);
        expect(box.w).toBeCloseTo(label.w * box.scale);
        for (const place of drawing.places) expect(overlap(box, cardRect(place))).toBe(false);
        expect(Math.abs(box.y + box.h / 2 - label.y - label.h / 2)).toBeLessThanOrEqual(4 * box.h);
      }
    }
  });

  test("are wider for more words, wider characters and more marks", () => {
    expect(labelWidth("ab", 0)).toBeLessThan(labelWidth("abc", 0));
    expect(labelWidth("漢字", 0)).toBeGreaterThan(labelWidth("ab", 0));
    expect(labelWidth("ab", 2)).toBeGreaterThan(labelWidth("ab", 1));
  });
});

describe("curves", () => {
  const c: Curve = { x0: 0, y0: 0, ax: 50, ay: 0, bx: 50, by: 100, x1: 100, y1: 100 };

  test("lie within their bounds, and points on them are no distance away", () => {
    const box = bounds(c);
    for (let t = 0; t <= 1; t += 0.1) {
      const p = pointAt(c, t);
      expect(p.x >= box.x && p.x <= box.x + box.w && p.y >= box.y && p.y <= box.y + box.h).toBe(true);
      expect(distance(c, p.x, p.y)).toBeLessThan(1);
    }
    expect(distance(c, 0, 100)).toBeGreaterThan(40);
  });

  test("one after another are one way, evenly travelled", () => {
    const next: Curve = { x0: 100, y0: 100, ax: 200, ay: 100, bx: 300, by: 100, x1: 400, y1: 100 };
    const route: Route = [c, next];
    expect([pointOn(route, 0), pointOn(route, 1)]).toEqual([
      { x: 0, y: 0 },
      { x: 400, y: 100 },
    ]);
    expect(pointOn(route, 0.7).x).toBeGreaterThan(150);
    expect(routeBounds(route)).toEqual({ x: 0, y: 0, w: 400, h: 100 });
    expect(routeDistance(route, 300, 110)).toBeCloseTo(10);
  });
});

describe("the view", () => {
  const size = { w: 800, h: 400 };
  const view = { x: 30, y: -20, k: 0.7 };

  test("maps there and back", () => {
    const at = toWorld(view, 123, 45);
    const back = toScreen(view, at.x, at.y);
    expect([back.x, back.y]).toEqual([expect.closeTo(123), expect.closeTo(45)]);
  });

  test("zooms around the pointer and stays within its limits", () => {
    const at = toWorld(view, 200, 100);
    const near = zoomAt(view, 1.7, 200, 100);
    expect(toScreen(near, at.x, at.y)).toEqual({ x: expect.closeTo(200), y: expect.closeTo(100) });
    expect([zoomAt(view, 1e9, 0, 0).k, zoomAt(view, 1e-9, 0, 0).k]).toEqual([MAX_ZOOM, MIN_ZOOM]);
  });

  test("fits a rectangle whole and in the middle, without enlarging it", () => {
    const rect = { x: -500, y: 100, w: 3000, h: 500 };
    const fit = fitRect(rect, size, 40);
    const area = visibleRect(fit, size);
    expect(area.x <= rect.x && area.x + area.w >= rect.x + rect.w).toBe(true);
    expect(toScreen(fit, 1000, 350)).toEqual({ x: expect.closeTo(400), y: expect.closeTo(200) });
    expect(fitRect({ x: 0, y: 0, w: 10, h: 10 }, size).k).toBe(1);
    expect(fitRect(rect, { w: 0, h: 0 })).toEqual({ x: 0, y: 0, k: 1 });
  });

  test("fits a rectangle beside the buttons at the left, and moves nothing that is not under them", () => {
    const wide = { x: -500, y: 100, w: 3000, h: 1200 };
    const fit = fitBesideTools(wide, size, 40);
    expect(toScreen(fit, wide.x, 0).x).toBeCloseTo(80);
    expect(toScreen(fit, wide.x + wide.w, 0).x).toBeCloseTo(size.w - 40);
    const tall = { x: 0, y: 0, w: 300, h: 900 };
    expect(toScreen(fitBesideTools(tall, size, 40), 0, 900).y).toBeCloseTo(size.h - 40);
    const small = { x: 0, y: 0, w: 300, h: 280 };
    expect(fitBesideTools(small, size, 40)).toEqual(fitRect(small, size, 40));
  });

  test("leaves room at the top for a line that says what to do", () => {
    for (const h of [900, 907, 913.3]) {
      const tall = { x: 0, y: 0, w: 300, h };
      const view = fitBesideTools(tall, size);
      expect(toScreen(view, 0, 0).y).toBeCloseTo(52);
      expect(toScreen(view, 0, h).y).toBeCloseTo(size.h - 32);
    }
  });

  test("fits a rectangle beside or below a legend in the corner, as large as can be", () => {
    const tall = { x: 0, y: 0, w: 900, h: 900 };
    const beside = fitBesideTools(tall, size, 32, 1, { w: 300, h: 120, cards: [tall] });
    expect(toScreen(beside, 0, 0).x).toBeGreaterThanOrEqual(300);
    expect(beside.k).toBeCloseTo(fitBesideTools(tall, size).k);
    const wide = { x: 0, y: 0, w: 3000, h: 900 };
    const below = fitBesideTools(wide, size, 32, 1, { w: 300, h: 120, cards: [wide] });
    expect(toScreen(below, 0, 0).y).toBeGreaterThanOrEqual(120);
    const lower = { ...wide, y: 500, h: 400 };
    const unmoved = fitBesideTools(wide, size, 32, 1, { w: 300, h: 120, cards: [lower] });
    expect(unmoved).toEqual(fitBesideTools(wide, size));
    const legendOfAll = { w: size.w, h: size.h, cards: [wide] };
    expect(fitBesideTools(wide, size, 32, 1, legendOfAll)).toEqual(fitBesideTools(wide, size));
  });

  test("fits what is wide and flat above the buttons, in the whole width", () => {
    const flat = { x: -500, y: 100, w: 3000, h: 200 };
    expect(fitBesideTools(flat, { w: 400, h: 500 })).toEqual(fitRect(flat, { w: 400, h: 500 }, 32));
    const higher = { x: 0, y: 0, w: 1000, h: 500 };
    const fit = fitBesideTools(higher, { w: 400, h: 440 });
    expect(fit.k).toBeCloseTo(0.336);
    expect(toScreen(fit, 0, 500).y).toBeLessThan(440 - 200);
  });

  test("reveals by the least movement, and not at all what is in sight", () => {
    const still = { x: 0, y: 0, k: 1 };
    expect(revealRect(still, { x: 100, y: 100, w: 50, h: 50 }, size)).toBe(still);
    expect(revealRect(still, { x: 790, y: 100, w: 50, h: 50 }, size)).toEqual({ x: -72, y: 0, k: 1 });
    expect(pan(still, 3, 4)).toEqual({ x: 3, y: 4, k: 1 });
  });

  test("moves up what lies under the minimap, and nothing beside it or too tall to be shown above it", () => {
    const still = { x: 0, y: 0, k: 1 };
    const corner = { x: size.w - 100, y: size.h - 90, w: 60, h: 60 };
    const above = clearOfMinimap(still, corner, size);
    expect([above.x, above.k]).toEqual([0, 1]);
    expect(toScreen(above, corner.x, corner.y).y + corner.h).toBe(size.h - 120);
    expect(clearOfMinimap(above, corner, size)).toBe(above);
    expect(clearOfMinimap(still, { ...corner, x: 40 }, size)).toBe(still);
    expect(clearOfMinimap(still, { ...corner, y: 0, h: size.h }, size)).toBe(still);
  });

  test("glides from one view to another and is at each at the ends", () => {
    const to = { x: -900, y: 10, k: 2 };
    for (const [t, want] of [
      [0, view],
      [1, to],
    ] as const) {
      const halfway = interpolate(view, to, t, size);
      expect([halfway.x, halfway.y, halfway.k]).toEqual([
        expect.closeTo(want.x),
        expect.closeTo(want.y),
        expect.closeTo(want.k),
      ]);
    }
    expect(Number.isFinite(interpolate(view, { ...view, x: 5 }, 0.5, size).x)).toBe(true);
  });
});

test("states the kernel has not placed yet stand below, apart from each other", () => {
  const doc = fromSeed(seedOf(["a", "b", "c"], [], { layout: { a: [0, 0] } }));
  const { places } = buildScene(buildGraph(doc), doc.layout);
  expect(places[1]?.[1]).toBeGreaterThan(CARD_H);
  expect(places[1]).not.toEqual(places[2]);
});

test.each<[string, readonly number[]]>([
  ["nothing", []],
  ["one number", [3]],
  ["equal numbers", [3, 3, 3, 3]],
  ["numbers of which some are equal", [0, 1, 1, 1, 2, 5, 5, 8]],
  ["many numbers", Array.from({ length: 1000 }, (_, at) => Math.floor(at / 7) / 10)],
])("a search in %s that are sorted parts them where it should, and looks at few", (_, numbers) => {
  for (const limit of [-1, 0, 1, 1.5, 3, 4, 5, 7.3, 8, 20]) {
    for (const isReached of [(one: number) => one >= limit, (one: number) => one > limit]) {
      const looked: number[] = [];
      const first = firstIndex(numbers.length, (at) => {
        looked.push(at);
        return isReached(numbers[at] ?? Number.NaN);
      });
      expect(numbers.findIndex(isReached)).toBe(first < numbers.length ? first : -1);
      expect(looked.every((at) => at >= 0 && at < numbers.length)).toBe(true);
      expect(looked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(numbers.length + 1)));
    }
  }
});
