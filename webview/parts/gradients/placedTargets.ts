import type { PlotTarget } from "./plotTypes";

/** A target with its place in the plot's own pixels. */
export interface PlacedTarget {
  readonly target: PlotTarget;
  readonly x: number;
  readonly y: number;
  /** A field's corners; absent for a dot. */
  readonly box?: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

/** From the units of an axis to its pixels. */
export type Scale = (value: number) => number;

/** Pixels from a dot's middle within which it is meant. */
const REACH = 7;

export function placeTargets(targets: readonly PlotTarget[], x: Scale, y: Scale): readonly PlacedTarget[] {
  return targets.map((target) => {
    const { extent } = target;
    const place = { target, x: x(target.x), y: y(target.y) };
    if (extent === undefined) return place;
    return { ...place, box: { left: x(extent.x1), right: x(extent.x2), top: y(extent.y2), bottom: y(extent.y1) } };
  });
}

/** What the pointer means: the nearest dot in reach, else the field that it stands in. */
export function targetAt(placed: readonly PlacedTarget[], x: number, y: number): PlacedTarget | undefined {
  let found: PlacedTarget | undefined;
  let least = REACH;
  for (const place of placed) {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (place.box === undefined && distance < least) [found, least] = [place, distance];
  }
  return found ?? placed.find(({ box }) => box !== undefined && x >= box.left && x < box.right && y >= box.top && y < box.bottom);
}

/** The next target in a direction, as the eye would have it: near, and not far to the side. Undefined at the edge. */
export function targetBeside(placed: readonly PlacedTarget[], from: PlacedTarget, across: number, down: number): PlacedTarget | undefined {
  let found: PlacedTarget | undefined;
  let least = Infinity;
  for (const place of placed) {
    const [dx, dy] = [place.x - from.x, place.y - from.y];
    const along = dx * across + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * across);
    if (along < 0.5) continue;
    const far = along + 3 * aside;
    if (far < least) [found, least] = [place, far];
  }
  return found;
}
