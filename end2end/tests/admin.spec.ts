// The pages of administrators: what they show, what their forms do, and that no script is needed for it.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { Chat, awake, expect, signIn, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

/** Leads to one of the pages by the links beside it. */
async function go(page: Page, name: string) {
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

test.describe('by mouse and by key', () => {
  // For axe; the policy is tested elsewhere.
  test.use({ bypassCSP: true });

  test('an administrator sees who is here, disables somebody and finds it in the log', async ({ chat, confab, browser }) => {
    const { page } = chat;
    const other = await (await browser.newContext()).newPage();
    await signIn(other, await confab.loginLink('--user', 'Maya Lindqvist'));
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Admin' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();

    await go(page, 'People');
    await expect(page.getByRole('row', { name: /Maya Lindqvist/ })).toContainText('Member');
    await check(page, 'admin-people');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('searchbox', { name: 'Search people' }).fill('maya');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Showing 1 of 2 people')).toBeVisible();
    await page.getByRole('combobox', { name: 'Filter by role' }).selectOption('Admin');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByText('Nobody found')).toBeVisible();
    await go(page, 'People');

    const options = page.getByRole('button', { name: 'Options for Maya Lindqvist' });
    await options.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'End sessions' })).toBeVisible();
    await check(page, 'admin-options');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'End sessions' })).toBeHidden();
    await expect(options).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Disable' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status')).toHaveText('Maya Lindqvist is disabled, and signed out everywhere.');
    await other.goto(confab.origin);
    await expect(other.getByRole('heading', { name: 'Sign in to Confab' })).toBeVisible();
    await page.getByRole('button', { name: 'Options for Maya Lindqvist' }).click();
    await page.getByRole('button', { name: 'Enable' }).click();
    await expect(page.getByRole('status')).toContainText('may enter again');

    await go(page, 'Audit log');
    await check(page, 'admin-audit');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('combobox', { name: 'Filter by event' }).selectOption('Person disabled');
    await page.getByRole('combobox', { name: 'Filter by person' }).selectOption('Owner');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('row')).toHaveCount(2);
    await expect(page.getByRole('row').nth(1)).toContainText('Disabled Maya Lindqvist');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const table = await readFile(await (await download).path(), 'utf8');
    expect(table.trim().split('\r\n')).toHaveLength(2);
    expect(table).toContain('Owner,Disabled Maya Lindqvist,user_disabled,Maya Lindqvist,127.0.0.1,');
    await page.getByRole('searchbox', { name: 'Search audit log' }).fill('<b>nothing');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Nothing found')).toBeVisible();
    await other.context().close();
  });

  test('somebody is deleted by their name', async ({ chat, confab }) => {
    const { page } = chat;
    await confab.loginLink('--user', 'Dele Sowande');
    await page.goto(`${confab.origin}/admin/people`);
    await page.getByRole('button', { name: 'Options for Dele Sowande' }).click();
    await page.getByRole('link', { name: 'Delete…' }).click();
    const name = page.getByRole('textbox', { name: /^Type “Dele Sowande”/ });
    await expect(name).toBeFocused();
    await check(page, 'admin-delete');
    await name.fill('Dele');
    await page.keyboard.press('Enter');
    await expect(page.getByText('This is not the name. Nothing was deleted.')).toBeVisible();
    await page.getByRole('textbox', { name: /^Type/ }).fill('Dele Sowande');
    await page.getByRole('button', { name: 'Delete account' }).click();
    await expect(page.getByRole('status')).toContainText('The account is deleted');
    await expect(page.getByText('Dele Sowande')).toHaveCount(0);
  });

  test('a model is for a group, and a limit says when it is over', async ({ chat, confab, llm, browser }) => {
    const { page } = chat;
    await page.goto(`${confab.origin}/admin/access`);
    await check(page, 'admin-access');
    await page.setViewportSize({ width: 1440, height: 900 });
    const change = page.getByRole('button', { name: /^Change access to / }).first();
    const model = (await change.getAttribute('aria-label'))!.replace('Change access to ', '');
    await change.click();
    await expect(page.getByRole('heading', { level: 1, name: `Access to ${model}` })).toBeVisible();
    await page.getByRole('radio', { name: 'Only these groups' }).check();
    await page.getByRole('textbox', { name: 'Other groups' }).fill('research');
    await check(page, 'admin-model');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toContainText(model);
    await expect(page.getByText('research', { exact: true })).toBeVisible();

    await page.getByRole('textbox', { name: 'Daily token limit' }).fill('many');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await expect(page.getByText('Write a number')).toBeVisible();
    await page.getByRole('textbox', { name: 'Daily token limit' }).fill('1');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await expect(page.getByRole('status')).toContainText('The limits are saved');

    const context = await browser.newContext();
    const other = new Chat(await context.newPage());
    await signIn(other.page, await confab.loginLink('--user', 'Priya Anand'));
    await other.page.getByRole('button', { name: /^Model:/ }).click();
    await expect(other.page.getByRole('option').first()).toBeVisible();
    await expect(other.page.getByRole('option', { name: model, exact: true })).toHaveCount(0);
    await other.page.keyboard.press('Escape');
    await other.ask('Hello');
    const ask = await llm.next();
    ask.text('Hi');
    ask.end();
    await expect(other.replies).toContainText('Hi');
    await expect(other.send).toBeVisible();
    await other.ask('Once more');
    await expect(other.page.getByText(/You have used the 1 token that you may use in a day/)).toBeVisible();
    await expect(other.box).toHaveValue('Once more');
    await context.close();

    await page.goto(`${confab.origin}/admin/usage`);
    await expect(page.getByRole('img', { name: /^Tokens per day, last 30 days, by model\./ })).toBeVisible();
    await expect(page.getByRole('radiogroup', { name: 'Period' }).getByRole('radio', { name: '30 days' })).toBeChecked();
    await check(page, 'admin-usage');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('radio', { name: '7 days' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('img', { name: /^Tokens per day, last 90 days/ })).toBeVisible();
    await page.getByText('Show as a table').click();
    await expect(page.getByRole('region', { name: 'Table: tokens per day' }).getByRole('row')).toHaveCount(91);
  });

  test('who does not administer finds nothing of it', async ({ confab, page, complaints }) => {
    await signIn(page, await confab.loginLink('--user', 'Ada'));
    await page.getByRole('button', { name: /^Account/ }).click();
    await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Admin' })).toHaveCount(0);
    for (const path of ['usage', 'people', 'access', 'audit']) {
      const response = await page.goto(`${confab.origin}/admin/${path}`);
      expect(response!.status()).toBe(403);
      await expect(page.getByText('Your account may not do this.')).toBeVisible();
    }
    await page.goto(confab.origin);
    await awake(page);
    // The browser itself notes each page that was refused.
    expect(complaints.splice(0).filter((complaint) => !complaint.includes('403'))).toEqual([]);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('people are found, disabled and let in again', async ({ confab, page }) => {
    await confab.loginLink('--user', 'Maya Lindqvist');
    await page.goto(await confab.loginLink());
    await page.getByRole('button', { name: /^Continue as/ }).click();
    await page.goto(`${confab.origin}/admin/people`);
    await page.getByRole('searchbox', { name: 'Search people' }).fill('maya');
    await page.getByRole('button', { name: 'Show' }).click();
    for (const [act, told] of [['Disable', 'is disabled'], ['Enable', 'may enter again']]) {
      await page.getByRole('button', { name: 'Options for Maya Lindqvist' }).click();
      await page.getByRole('button', { name: act }).click();
      await expect(page.getByRole('status')).toContainText(told!);
    }
    // Where there is no room for the sidebar, the pages are above.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Audit log' }).click();
    await expect(page.getByText('Disabled Maya Lindqvist')).toBeVisible();
  });
});
