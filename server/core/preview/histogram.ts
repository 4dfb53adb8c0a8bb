/** Equal bins over a stretch, counted apart for kept and dropped candidates; values beyond it are in the first or the last bin. */
export class Histogram {
  readonly from: number;
  readonly to: number;
  readonly kept: Uint32Array;
  readonly dropped: Uint32Array;

  constructor(from: number, to: number, bins: number) {
    this.from = from;
    this.to = to;
    this.kept = new Uint32Array(bins);
    this.dropped = new Uint32Array(bins);
  }

  /** An unknown value is not counted. */
  add(value: number, isKept: boolean): void {
    if (Number.isNaN(value)) {
      return;
    }
    const bins = isKept ? this.kept : this.dropped;
    const bin = Math.floor(((value - this.from) / (this.to - this.from)) * bins.length);
    const at = bin < 0 ? 0 : bin >= bins.length ? bins.length - 1 : bin;
    bins[at] = (bins[at] ?? 0) + 1;
  }
}
