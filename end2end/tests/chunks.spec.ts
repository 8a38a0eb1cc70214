// Parts of the page's code that are loaded when they are first needed.
import { awake, expect, test } from '../support/fixtures.ts';

const CHUNKS = '**/pkg/chunk.*';

test('a page loads no chunk before somebody does something', async ({ chat }) => {
  const asked: string[] = [];
  chat.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await chat.page.reload();
  await chat.awake();
  await chat.page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  await chat.box.fill('A');
  await expect.poll(() => asked.some((path) => path.includes('/chunk.renderer.'))).toBe(true);
});

test('what can not be loaded is told, and loaded when it is asked for again', async ({ chat, complaints }) => {
  const { page } = chat;
  const picker = page.getByRole('button', { name: /^Model:/ });
  const toast = page.getByText('This could not be loaded');
  await page.route(CHUNKS, (route) => route.abort());
  await picker.click();
  await expect(toast).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Choose a model' })).toBeHidden();
  await expect(picker).toHaveAttribute('aria-expanded', 'false');

  await page.unroute(CHUNKS);
  await picker.click();
  await expect(page.getByRole('searchbox', { name: 'Search models' })).toBeFocused();
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Model: scripted-two' })).toBeFocused();
  // The browser itself notes each request that failed.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([]);
});

test('a dialog waits for its chunk, and asks once', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('Why is the sky blue?');
  (await llm.next()).end();
  await expect(chat.send).toBeVisible();
  // What stands in the menu is a chunk of its own.
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await page.keyboard.press('Escape');
  let arrive = () => {};
  const late = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(CHUNKS, async (route) => {
    await late;
    await route.continue();
  });
  const rename = async () => {
    await page.getByRole('button', { name: 'Conversation options' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
  };
  await rename();
  await rename();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  arrive();
  await expect(page.getByRole('dialog', { name: 'Rename conversation' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await awake(page);
});
