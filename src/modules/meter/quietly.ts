/** Does what the meter wants within the program, which goes on as it would without us if that fails. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Nobody is there to be told: the program knows nothing of the meter.
  }
}
