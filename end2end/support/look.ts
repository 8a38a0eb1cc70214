// How a page looks to everybody: in both themes, two widths, without a violation of WCAG 2.2 AA that axe can find.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The folder that pictures go to, if somebody wants to see them. */
export const screens = process.env.CONFAB_SCREENS;

const SHAPES = [
  { name: 'light', theme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', theme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'mobile', theme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'mobile-dark', theme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/** Ends whatever moves and would end, and waits for the font. Motion inside hidden parts never ends by itself. */
export const settled = () => {
  const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
  for (const animation of ending) animation.finish();
  return document.fonts.ready.then(() => undefined);
};

/** The policy that the pages carry forbids eval, which is how axe gets in: for tests with `bypassCSP` only. */
export async function check(page: Page, name: string) {
  for (const { name: shape, theme, viewport } of SHAPES) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.evaluate(settled);
    if (screens) await page.screenshot({ path: join(screens, `${name}.${shape}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${name}.${shape} scrolls sideways`).toBeLessThanOrEqual(0);
    const violations = await page.evaluate(async (source) => {
      // As the tools of a browser do: not by a script of the page, which its policy would stop.
      (0, eval)(source);
      const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await axe.run({ runOnly: tags });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    }, axe);
    expect(violations, `${name}.${shape}`).toEqual([]);
  }
}
