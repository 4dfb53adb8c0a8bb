/** The temperatures between which the slider runs, on a logarithmic scale. A number typed in may lie beyond. */
const LOWEST = 0.005;
const HIGHEST = 1;

export const SLIDER_STEPS = 120;

/** The temperature at a position of the slider, with no more digits than its steps tell apart. */
export function temperatureAt(position: number): number {
  const value = LOWEST * (HIGHEST / LOWEST) ** (position / SLIDER_STEPS);
  return Number(value.toPrecision(2));
}

/** The position nearest to a temperature; at an end for one beyond it. */
export function sliderPosition(temperature: number): number {
  if (!(temperature > LOWEST)) return 0;
  return Math.min(SLIDER_STEPS, Math.round((SLIDER_STEPS * Math.log(temperature / LOWEST)) / Math.log(HIGHEST / LOWEST)));
}
