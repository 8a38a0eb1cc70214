// Taking conversations away, and bringing others along.
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

const EXPORT = JSON.stringify([
  { id: '1', title: 'Sourdough', created_at: 1729000000, chat: { history: { currentId: 'b', messages: { a: { role: 'user', content: 'How wet?' }, b: { parentId: 'a', role: 'assistant', model: 'llama3', content: 'Eighty percent.' } } } } },
  { id: '2', title: 'Nothing said', chat: { history: {} } },
]);

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

test('what was said elsewhere is imported, read, and taken away again', async ({ chat, confab }) => {
  const { page } = chat;
  await page.goto(`${confab.origin}/settings/data`);
  await check(page, 'settings-data');
  await page.getByLabel('From another app').setInputFiles({ name: 'export.json', mimeType: 'application/json', buffer: Buffer.from(EXPORT) });
  await page.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('status')).toContainText('Imported one conversation');
  await expect(page.getByRole('status')).toContainText('Nothing said: It has no messages.');
  await check(page, 'settings-data-imported');
  await page.setViewportSize({ width: 1440, height: 900 });

  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export Markdown' }).click();
  const archive = await readFile(await (await saved).path());
  expect(archive.subarray(0, 2).toString()).toBe('PK');

  await page.getByRole('link', { name: 'Back to chat' }).first().click();
  await chat.awake();
  await page.getByRole('link', { name: 'Sourdough' }).click();
  await expect(chat.replies).toContainText('Eighty percent.');
});
