/** A colour of VS Code's theme as it is now; of another variable where the theme has none. */
export function colour(variable: string, fallback = '--vscode-foreground'): string {
  const style = getComputedStyle(document.documentElement);
  return style.getPropertyValue(variable).trim() || style.getPropertyValue(fallback).trim();
}

/** A grid is there to be looked past, in high contrast too. */
export function faint(colour: string): string {
  return `color-mix(in srgb, ${colour} 14%, transparent)`;
}
