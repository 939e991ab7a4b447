import type { Theme, Workbench } from './workbench';

const THEMES: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Dark Modern'];

/**
 * Tests, one for each theme, that what is open is still there in it; each leaves a picture, to be looked at.
 * `shown` waits for the part in question. The window ends in dark.
 */
export function staysLegible(name: string, workbench: () => Workbench, shown: () => Promise<unknown>): void {
  for (const theme of THEMES) {
    it(`is legible in ${theme}`, async () => {
      await workbench().notifications.clear();
      await workbench().setTheme(theme);
      await shown();
      await workbench().saveScreenshot(`${name}-${themeSuffix(theme)}`);
    });
  }
}

/** The end of a picture's name that tells its theme, such as `dark-modern`. */
export function themeSuffix(theme: Theme): string {
  return theme.toLowerCase().replaceAll(' ', '-');
}
