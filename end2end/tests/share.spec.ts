// Links to snapshots of conversations.
import { expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

test('c07 a conversation is shared by a link, read by a stranger, and not any more', async ({ chat, confab, browser, llm }) => {
  const { page } = chat;
  await chat.ask('Why do lighthouses blink?');
  const ask = await llm.next();
  ask.reasoning('They may be at sea.');
  ask.text('So that they are **told apart**:\n\n| Light | Period |\n|---|--:|\n| Bell Rock | 5 s |\n\n```rust\nlet period = 5;\n```\n\n<img src="/api/files/x" onerror="alert(1)">');
  ask.end();
  await expect(chat.send).toBeVisible();
  await page.getByRole('link', { name: 'Share conversation' }).click();
  await check(page, 'share');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await check(page, 'share-link');

  const stranger = await (await browser.newContext({ bypassCSP: true })).newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(stranger.getByRole('log', { name: 'Conversation' })).toContainText('told apart');
  await expect(stranger.getByRole('textbox')).toHaveCount(0);
  await expect(stranger.locator('.prose img')).toHaveCount(0);
  await check(stranger, 'shared');
  await expect(stranger.getByRole('link', { name: 'Sign in' })).toBeVisible();
  expect(await (await stranger.request.get(`${confab.origin}/robots.txt`)).text()).toBe('User-agent: *\nDisallow: /\n');

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Stop sharing' }).click();
  await expect(page.getByRole('button', { name: 'Create link' })).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible();
  await stranger.context().close();
});
