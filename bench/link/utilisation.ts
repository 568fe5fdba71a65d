/** How many bytes had arrived at a moment. */
export interface Sample {
  readonly ms: number;
  readonly bytes: number;
}

/** The share of the link's payload rate that was used between the first and the last tenth of the bytes. */
export function utilisation(samples: readonly Sample[], bytesPerSecond: number): number | undefined {
  const total = samples.at(-1)?.bytes ?? 0;
  const from = samples.find(({ bytes }) => bytes >= total * 0.1);
  const to = samples.find(({ bytes }) => bytes >= total * 0.9);
  if (!from || !to || to.ms <= from.ms) return undefined;
  return ((to.bytes - from.bytes) * 1000) / (to.ms - from.ms) / bytesPerSecond;
}
