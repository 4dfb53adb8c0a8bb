/** The views that stand beside the candidates, or in their place where the panel is narrow: one at a time. */
export const SIDE_VIEWS = ["sampler", "gradients", "training", "curation", "opinions"] as const;
export type SideViewName = (typeof SIDE_VIEWS)[number];
