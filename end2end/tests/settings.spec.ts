// The pages of settings, and what they change in the chat.
import { expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

test('what is chosen under Appearance holds in the chat', async ({ chat, confab, llm }) => {
  const { page } = chat;
  await page.goto(`${confab.origin}/settings/appearance`);
  await check(page, 'settings-appearance');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('radio', { name: 'Large' }).check();
  await page.getByRole('radio', { name: 'Wide' }).check();
  await page.getByRole('switch', { name: 'Send with Enter' }).uncheck();
  await page.getByRole('switch', { name: 'Show response statistics' }).uncheck();
  await page.getByRole('switch', { name: 'Open reasoning while it runs' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toContainText('Saved');
  await expect(page.getByRole('switch', { name: 'Send with Enter' })).not.toBeChecked();

  await page.getByRole('link', { name: 'Back to chat' }).first().click();
  await chat.awake();
  await chat.box.fill('First line');
  await chat.box.press('Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Control+Enter');
  const ask = await llm.next();
  expect(ask.prompt).toBe('First line\nsecond line');
  ask.reasoning('They want two lines.');
  await expect(page.getByText('They want two lines.')).toBeVisible();
  ask.text('Here.');
  await expect(page.getByText('They want two lines.')).toBeHidden();
  ask.end();
  await expect(chat.send).toBeVisible();
  await expect(page.getByRole('group', { name: 'Response statistics' })).toBeHidden();
  expect(await page.locator('.prose').last().evaluate((prose) => getComputedStyle(prose).fontSize)).toBe('18px');
});

test('profile, shortcuts and erasing', async ({ chat, confab }) => {
  const { page } = chat;
  for (const [path, name] of [['profile', 'settings-profile'], ['shortcuts', 'settings-shortcuts'], ['data/erase?what=account', 'settings-erase']]) {
    await page.goto(`${confab.origin}/settings/${path}`);
    await check(page, name);
  }
});

test('the keys are listed, and each does what the list says', async ({ chat, llm }) => {
  const { page } = chat;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await chat.ask('Show me a loop');
  const ask = await llm.next();
  ask.text('Here:\n\n```rust\nloop {}\n```\n');
  ask.end();
  await expect(chat.send).toBeVisible();

  await page.locator('.log').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list).toContainText('Copy last code block');
  await check(page, 'keyboard-shortcuts');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  // In a field it is a letter.
  await chat.box.pressSequentially('?');
  await expect(chat.box).toHaveValue('?');
  await expect(list).toBeHidden();
  await chat.box.fill('');

  await page.keyboard.press('Control+Shift+;');
  await expect.poll(copied).toBe('loop {}');
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(copied).toContain('Here:');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByRole('article', { name: /^Reply/ })).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByRole('article', { name: 'Message from you' })).toBeFocused();
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('searchbox', { name: 'Search models' })).toBeFocused();
  await page.keyboard.press('Escape');
  await chat.box.focus();
  await page.keyboard.press('Control+Shift+R');
  const again = await llm.next();
  again.text('Again.');
  again.end();
  await expect(chat.replies).toContainText('Again.');
  await page.keyboard.press('Control+,');
  await expect(page).toHaveURL(/\/settings\/profile$/);
});
