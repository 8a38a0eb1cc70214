// Finding what was said: by the palette, and without scripts.
import { type Chat, expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

async function talk(chat: Chat, llm: ScriptedLlm, question: string, answer: string) {
  await chat.ask(question);
  const ask = await llm.next();
  ask.text(answer);
  ask.end();
  await expect(chat.send).toBeVisible();
  await expect(chat.stop).toBeHidden();
}

async function newChat(chat: Chat) {
  await chat.page.keyboard.press('Control+Shift+o');
  await expect(chat.page).toHaveURL(/\/$/);
}

const palette = (chat: Chat) => chat.page.getByRole('dialog', { name: 'Command palette' });
const field = (chat: Chat) => palette(chat).getByRole('combobox', { name: 'Search conversations and commands' });
const options = (chat: Chat) => palette(chat).getByRole('option');

test('a word of an old message is found and gone to by keyboard alone', async ({ chat, llm }) => {
  const { page } = chat;
  await talk(chat, llm, 'How do I keep bees?', 'With patience, and a smoker for the hive.');
  for (let n = 0; n < 4; n++) await talk(chat, llm, `More about it, part ${n}`, 'And so on.\n\n'.repeat(30));
  const conversation = page.url();
  await newChat(chat);
  await chat.box.focus();

  await page.keyboard.press('Control+k');
  await expect(field(chat)).toBeFocused();
  await page.keyboard.type('smok');
  await expect(options(chat).first()).toContainText('With patience, and a smoker for the hive.');
  await expect(palette(chat).locator('mark')).toHaveText('smoker');
  await expect(options(chat).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(palette(chat).getByRole('option', { name: 'New chat about “smok”' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(palette(chat)).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`^${conversation}#m-`));
  const reply = chat.replies.first();
  await expect(reply).toBeFocused();
  await expect(reply).toBeInViewport();
  await expect(chat.replies.last()).not.toBeInViewport();

  await page.reload();
  await chat.awake();
  await expect(reply).toBeInViewport();

  // Who presses Enter before the answer has come means what will be found.
  await newChat(chat);
  await page.keyboard.press('Control+k');
  await expect(field(chat)).toBeFocused();
  await page.keyboard.type('patience');
  await page.keyboard.press('Enter');
  await expect(reply).toBeFocused();
});

test('a message on another branch is shown there', async ({ chat, llm }) => {
  const { page } = chat;
  await talk(chat, llm, 'What grows here?', 'An aardvark tree.');
  await chat.action(chat.replies, 'Regenerate response').click();
  const ask = await llm.next();
  ask.text('A badger bush.');
  ask.end();
  await expect(chat.replies).toContainText('badger');
  await expect(chat.send).toBeVisible();
  await page.keyboard.press('Control+k');
  await field(chat).fill('aardvark');
  await options(chat).filter({ has: page.locator('mark') }).click();
  await expect(chat.replies).toContainText('An aardvark tree.');
  await expect(chat.replies).toBeFocused();
});

test('the palette does things, gives the focus back, and offers a chat about what nobody has mentioned', async ({ chat, complaints }) => {
  const { page } = chat;
  const link = page.getByRole('link', { name: 'Search conversations' });
  await link.click();
  await expect(field(chat)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette(chat)).toBeHidden();
  await expect(link).toBeFocused();
  await page.keyboard.press('Control+k');
  await field(chat).fill('some words');
  await page.keyboard.press('Escape');
  await expect(palette(chat)).toBeHidden();
  await expect(link).toBeFocused();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Open sidebar' }).click();
  await link.click();
  await expect(field(chat)).toBeFocused();
  await palette(chat).getByRole('button', { name: 'Close' }).click();
  await expect(palette(chat)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Open sidebar' })).toBeFocused();
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.keyboard.press('Control+k');
  await field(chat).fill('theme dark');
  await expect(palette(chat).getByRole('option', { name: 'Theme: dark' })).toBeVisible();
  await palette(chat).getByRole('option', { name: 'Theme: dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await page.keyboard.press('Control+k');
  await field(chat).fill('flugelhorn');
  await expect(palette(chat).getByText('Nothing mentions “flugelhorn”')).toBeVisible();
  await palette(chat).getByRole('link', { name: 'New chat about “flugelhorn”' }).click();
  await expect(chat.box).toHaveValue('flugelhorn');
  await chat.awake();

  await page.keyboard.press('Control+k');
  await field(chat).fill('settings mod');
  await expect(options(chat)).toHaveText(['Open settings: Models', 'New chat about “settings mod”']);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/models$/);
  await page.goBack();
  await chat.awake();

  await page.keyboard.press('Control+k');
  await field(chat).fill('sign out');
  await palette(chat).getByRole('option', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/signin/);
  // What was still being looked for when the session ended is refused.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('401'))).toEqual([]);
});

test('an answer that comes late does not replace a later one, and a failure can be tried again', async ({ chat, llm, complaints }) => {
  const { page } = chat;
  await talk(chat, llm, 'Apples are red', 'Yes.');
  let late = () => {};
  const held = new Promise<void>((resolve) => (late = resolve));
  await page.route('**/api/search', async (route) => {
    if (route.request().postData() === 'query=apples') await held;
    await route.continue();
  });
  await page.keyboard.press('Control+k');
  await field(chat).fill('apples');
  await page.waitForRequest('**/api/search');
  await field(chat).fill('zebra');
  await expect(palette(chat).getByText('Nothing mentions “zebra”')).toBeVisible();
  const answered = page.waitForResponse('**/api/search');
  late();
  await answered;
  await expect(palette(chat).getByText('Nothing mentions “zebra”')).toBeVisible();
  await page.unroute('**/api/search');

  await page.route('**/api/search', (route) => route.abort());
  await field(chat).fill('apple');
  await expect(palette(chat).getByText('The search did not work')).toBeVisible();
  await page.unroute('**/api/search');
  await palette(chat).getByRole('button', { name: 'Try again' }).click();
  await expect(options(chat).first()).toContainText('Apples');
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([]);
});

test.describe('for everybody', () => {
  // For axe; the policy is tested elsewhere.
  test.use({ bypassCSP: true });

  test('the palette in every shape, and the page', async ({ chat, confab, llm }) => {
    const { page } = chat;
    await talk(chat, llm, 'Why does the WAL file keep growing?', 'A passive checkpoint stops at the frame the oldest reader of the WAL still needs.');
    await newChat(chat);
    await talk(chat, llm, 'Postgres or SQLite for 40 users?', 'One writer is enough until the WAL checkpoint takes longer than a request.');
    await page.keyboard.press('Control+k');
    await expect(options(chat)).not.toHaveCount(0);
    await check(page, 'command-palette-start');
    await field(chat).fill('wal checkpoint');
    await expect(palette(chat).locator('mark')).not.toHaveCount(0);
    await check(page, 'command-palette');
    await field(chat).fill('flugelhorn');
    await expect(palette(chat).getByText('Nothing mentions')).toBeVisible();
    await check(page, 'command-palette-empty');
    await page.keyboard.press('Escape');
    await page.goto(`${confab.origin}/search?q=wal`);
    await expect(page.getByRole('list', { name: 'Results' }).getByRole('link')).toHaveCount(2);
    await check(page, 'search');
  });
});

test.describe('without scripts', () => {
  test('a form finds, and leads to the message', async ({ browser, chat, confab, llm }) => {
    await talk(chat, llm, 'How do I keep bees?', 'With patience, and a smoker for the hive.');
    const context = await browser.newContext({ javaScriptEnabled: false, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(await confab.loginLink());
    await page.getByRole('button', { name: /^Continue as/ }).click();
    await page.getByRole('link', { name: 'Search conversations' }).click();
    await page.getByRole('searchbox', { name: 'Search conversations' }).fill('smoker');
    await page.keyboard.press('Enter');
    const hit = page.getByRole('list', { name: 'Results' }).getByRole('link');
    await expect(hit.locator('mark')).toHaveText('smoker');
    await hit.click();
    await expect(page.getByRole('article', { name: /^Reply/ })).toBeInViewport();
    await page.goto(`${confab.origin}/search?q=flugelhorn`);
    await expect(page.getByText('Nothing mentions “flugelhorn”')).toBeVisible();
    await context.close();
  });
});
