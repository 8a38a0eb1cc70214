// Every page in every shape: readable, without a violation of WCAG 2.2 AA that axe can find, and as a picture.
import { join } from 'node:path';
import { type Chat, expect, test } from '../support/fixtures.ts';
import { check, screens, settled } from '../support/look.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

const ANSWER = `Nothing is broken. A **long-lived reader is pinning the checkpoint**: SQLite may not recycle a frame while any connection still reads an older snapshot.

## What the graph says

The floor stays near 4 ms, so the disk is healthy.

1. A pooled connection opens a read transaction.
2. Writers append. At 1,000 pages SQLite tries a \`PASSIVE\` checkpoint.

| Change | Effect on the WAL | p99 write |
|---|---|--:|
| Split read and write pools | Stays under 8 MB | 6 ms |
| Cap read transactions at 2 s | Stays under 40 MB | 19 ms |

\`\`\`rust
// One writer. SQLite would queue a second one anyway.
let writes = SqlitePoolOptions::new()
    .max_connections(1)
    .connect_with(opts.pragma("wal_autocheckpoint", "1000"))
    .await?;
\`\`\`

> A checkpoint can only run to completion if there are no other connections using the file.

Read [the documentation](https://sqlite.org/wal.html) if you want to confirm.`;

async function conversation(chat: Chat, llm: ScriptedLlm) {
  await chat.ask('Our chat server writes to SQLite in WAL mode. Under load the -wal file grows past 2 GB and writes stall for seconds. What’s going on?');
  const ask = await llm.next();
  ask.reasoning('The floor of the graph is flat, so I can rule out the disk.');
  ask.text(ANSWER);
  return ask;
}

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

test('sign-in, claim, and links that are gone', async ({ confab, page }) => {
  await page.goto(`${confab.origin}/signin`);
  await expect(page.getByRole('heading', { name: 'Sign in to Confab' })).toBeVisible();
  await check(page, 'sign-in');
  await page.goto(await confab.loginLink());
  await check(page, 'claim');
  await page.goto(await confab.loginLink('--user', 'Maya Lindqvist'));
  await expect(page.getByRole('button', { name: 'Continue as Maya Lindqvist' })).toBeVisible();
  await check(page, 'login-link');
  await page.goto(`${confab.origin}/login/used`);
  await check(page, 'login-link-gone');
});

test('new chat, empty and with conversations', async ({ chat, llm }) => {
  await check(chat.page, 'new-chat-first');
  const ask = await conversation(chat, llm);
  ask.end();
  await expect(chat.send).toBeVisible();
  await chat.page.setViewportSize({ width: 1440, height: 900 });
  await chat.page.getByRole('link', { name: 'Confab home' }).click();
  await expect(chat.page.getByRole('heading', { level: 2, name: /^Good/ })).toBeVisible();
  await check(chat.page, 'new-chat');
});

test('a conversation while it thinks, streams, and when it is done', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('What is a WAL?');
  const ask = await llm.next();
  ask.reasoning('They want a short answer first.');
  await expect(chat.replies).toContainText('Thinking');
  await check(page, 'conversation-thinking');
  ask.text('A write-ahead **log**: changes are appended to it first.');
  await expect(chat.replies).toContainText('appended');
  await check(page, 'conversation-streaming');
  ask.end();
  await expect(chat.send).toBeVisible();
  const longer = await conversation(chat, llm);
  longer.end();
  await expect(chat.replies).toHaveCount(2);
  await expect(chat.send).toBeVisible();
  await check(page, 'conversation');
});

test('a conversation that failed', async ({ chat, llm }) => {
  await chat.ask('Hello');
  const ask = await llm.next();
  ask.text('Half an answer');
  await expect(chat.replies).toContainText('Half an answer');
  ask.fail('The model is overloaded');
  await expect(chat.replies.getByRole('alert')).toBeVisible();
  await check(chat.page, 'conversation-error');
});

test('menus, dialogs, the picker and the drawer', async ({ chat, llm }) => {
  const { page } = chat;
  const ask = await conversation(chat, llm);
  ask.end();
  await expect(chat.send).toBeVisible();
  await page.getByRole('button', { name: /^Model:/ }).click();
  await expect(page.getByRole('dialog', { name: 'Choose a model' })).toBeVisible();
  await check(page, 'model-picker');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.emulateMedia({ colorScheme: 'light' });
  if (screens) await page.screenshot({ path: join(screens, 'user-menu.light.png') });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog', { name: /^Delete/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Open sidebar' }).click();
  await expect(page.getByRole('button', { name: /^Account/ })).toBeVisible();
  await page.evaluate(settled);
  if (screens) await page.screenshot({ path: join(screens, 'mobile-drawer.mobile.png') });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Open sidebar' })).toBeFocused();
});

test('pages that are not there', async ({ chat, confab, complaints }) => {
  for (const path of ['/c/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee', '/nothing/here']) {
    const response = await chat.page.goto(confab.origin + path);
    expect(response!.status()).toBe(404);
    await expect(chat.page.getByRole('link', { name: 'New chat' })).toBeVisible();
    await chat.awake();
  }
  await check(chat.page, '404');
  await chat.page.goto(`${confab.origin}/c/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee`);
  await chat.awake();
  await chat.page.getByRole('button', { name: 'Search conversations' }).click();
  await expect(chat.page.getByRole('combobox', { name: 'Search conversations and commands' })).toBeFocused();
  // The browser itself notes each page that was not there.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('404'))).toEqual([]);
});
