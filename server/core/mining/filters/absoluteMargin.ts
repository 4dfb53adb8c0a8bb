import { comparison, short } from "../numbersInWords";
import type { Filter } from "./filter";

/** Drops candidates with s + m > p, p being the lowest positive score. An unknown score or anchor drops nothing. */
export const absoluteMargin: Filter = ({ score }, { sampler: { absolute_margin: margin }, anchor }) =>
  margin !== null && score + margin > anchor
    ? `less than ${short(margin)} below the positive's score: ${comparison(score, ">", anchor - margin)}`
    : undefined;
