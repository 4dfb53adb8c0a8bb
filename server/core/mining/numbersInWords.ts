/** Two numbers with as many digits as it takes to see that they differ, at least two and at most six. */
export function comparison(left: number, sign: ">" | ">=" | "<", right: number): string {
  let digits = 2;
  while (digits < 6 && left !== right && left.toFixed(digits) === right.toFixed(digits)) {
    digits += 1;
  }
  return `${left.toFixed(digits)} ${sign} ${right.toFixed(digits)}`;
}

/** A share as a percentage with three digits that count: 0.05 is "5 %", 0.93333 is "93.3 %". */
export function percent(share: number): string {
  const percentage = share * 100;
  return percentage > 0 && percentage < 0.001 ? "less than 0.001 %" : `${String(Number(percentage.toPrecision(3)))} %`;
}

/** A number without needless digits: at most three after the point. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
