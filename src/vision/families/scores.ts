/** Logistic function: logit to probability. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Inverse of {@link sigmoid}, so that a threshold is applied to raw logits; -Infinity for 0, Infinity for 1. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** Softmax probability of entry `index` among `count` logits that start at `offset`. */
export function softmax(logits: Float32Array, offset: number, count: number, index: number): number {
  let sum = 0;
  const own = logits[offset + index]!;
  for (let other = offset; other < offset + count; other++) sum += Math.exp(logits[other]! - own);
  return 1 / sum;
}
