// Before a script has run, and where none ever does: everything can be read, forms work.
import { expect, test } from '../support/fixtures.ts';

test.use({ javaScriptEnabled: false });

test('signing in, asking, reading and signing out work without scripts', async ({ confab, llm, page }) => {
  await page.goto(await confab.loginLink());
  await page.getByRole('button', { name: 'Continue as owner' }).click();
  await expect(page.getByRole('heading', { name: /Welcome/ })).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('Plain <b>question</b>');
  await page.locator('form[aria-label="Message composer"]').evaluate((form: HTMLFormElement) => form.requestSubmit());
  const ask = await llm.next();
  await expect(page).toHaveURL(/\/c\//);
  await expect(page.getByText('Plain <b>question</b>').first()).toBeVisible();
  ask.text('A **plain** answer.');
  ask.end();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('article', { name: /^Reply/ }).locator('strong')).toHaveText('plain');
  }).toPass();
  await expect(page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: /question|title/ })).toBeVisible();
});
