/** A diagonal cross, for trials that failed, in the unit square of Vega's custom symbols. */
export const crossPath = 'M-0.8,-0.8L0.8,0.8M0.8,-0.8L-0.8,0.8';
