// Everything by keyboard, from the first page to the last.
import { expect, test } from '../support/fixtures.ts';

test('a conversation without a mouse', async ({ chat, llm }) => {
  const { page } = chat;
  await page.keyboard.press('Shift+Escape');
  await expect(chat.box).toBeFocused();
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  const ask = await llm.next();
  expect(ask.prompt).toBe('First line\nsecond line');
  ask.text('Going on');
  await expect(chat.replies).toContainText('Going on');
  await page.keyboard.press('Shift+Escape');
  await page.keyboard.press('Escape');
  await ask.closed;
  await expect(chat.status).toHaveText('Stopped');

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search conversations and commands' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+o');
  await expect(page).toHaveURL(/\/$/);
});

test('menus and dialogs keep the focus and give it back', async ({ chat }) => {
  const { page } = chat;
  const account = page.getByRole('button', { name: /^Account/ });
  await account.focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu', { name: 'Account' });
  // The first item takes the focus a moment after the menu shows.
  await expect(menu.locator(':focus')).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(account).toBeFocused();

  const picker = page.getByRole('button', { name: /^Model:/ });
  await picker.focus();
  await page.keyboard.press('Enter');
  const search = page.getByRole('searchbox', { name: 'Search models' });
  await expect(search).toBeFocused();
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Model: scripted-two' })).toBeFocused();
});

test('the first Tab stop skips to the conversation', async ({ chat }) => {
  const { page } = chat;
  await page.reload();
  await chat.awake();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to conversation' });
  await expect(skip).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);
});
