// The order of the conversations: pinned, in folders, archived, several at once, and how wide the sidebar is.
import type { Locator, Page } from '@playwright/test';
import { type Chat, awake, expect, test } from '../support/fixtures.ts';
import { check, screens } from '../support/look.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

/** A conversation for each question and named after it, the last one open. */
async function talks(chat: Chat, llm: ScriptedLlm, ...questions: string[]) {
  for (const question of questions) {
    await chat.page.keyboard.press('Control+Shift+o');
    await expect(chat.page).toHaveURL(/\/$/);
    await chat.ask(question);
    const ask = await llm.next();
    ask.text('An answer.');
    ask.end();
    await expect(chat.replies).toContainText('An answer.');
    await expect(chat.send).toBeVisible();
    // A model would title it.
    const id = new URL(chat.page.url()).pathname.slice('/c/'.length);
    const renamed = await chat.page.evaluate(async ([id, title]) => {
      const body = new URLSearchParams({ id: id!, title: title! });
      return (await fetch('/api/conversations/rename', { method: 'POST', body })).status;
    }, [id, question]);
    expect(renamed).toBe(200);
  }
  await reload(chat.page);
  for (const question of questions) await expect(row(chat.page, question)).toBeVisible();
}

const side = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });
const row = (page: Page, title: string) => side(page).getByRole('link', { name: title, exact: true });
const part = (page: Page, name: string) => side(page).getByRole('region', { name, exact: true });
const inPart = (page: Page, name: string) => part(page, name).getByRole('listitem');
const toast = (page: Page) => page.locator('.toast');

/** Chooses from the menu of a conversation in the list. */
async function choose(page: Page, title: string, item: string) {
  await row(page, title).hover();
  await side(page).getByRole('button', { name: `Options for ${title}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function newFolder(page: Page, name: string) {
  await side(page).getByRole('button', { name: 'List options' }).click();
  await page.getByRole('menuitem', { name: 'New folder…' }).click();
  const field = page.getByRole('dialog', { name: 'New folder' }).getByRole('textbox', { name: 'Name' });
  await expect(field).toBeFocused();
  await field.fill(name);
  await page.keyboard.press('Enter');
  await expect(part(page, name)).toBeVisible();
}

/** Drags as a hand does; until the page listens, it goes on moving. */
async function drag(page: Page, from: Locator, to: Locator) {
  const start = (await from.boundingBox())!;
  await from.hover();
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + 8);
  await expect(async () => {
    const box = (await to.boundingBox())!;
    for (const step of [0, 1, 2]) await page.mouse.move(box.x + box.width / 2 + step, box.y + box.height / 2);
    await expect(to.locator('xpath=ancestor-or-self::*[@data-over]')).toHaveCount(1, { timeout: 200 });
  }).toPass();
  await page.mouse.up();
}

async function reload(page: Page) {
  await page.reload();
  await awake(page);
}

test('what is pinned stands first, also after a reload', async ({ chat, llm }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees', 'Tea', 'Sky');
  await choose(page, 'Bees', 'Pin');
  await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
  await expect(inPart(page, 'Today')).toHaveText(['Sky', 'Tea']);
  await expect(toast(page)).toContainText('Conversation pinned');
  await reload(page);
  await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
  await expect(side(page).getByRole('region').first()).toHaveAccessibleName('Pinned');

  await choose(page, 'Bees', 'Unpin');
  await expect(part(page, 'Pinned')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
});

test('a conversation is moved into a folder by keyboard, and the folder is renamed, moved, closed and deleted', async ({ chat, llm }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees', 'Tea');
  await row(page, 'Bees').focus();
  await page.keyboard.press('Tab');
  await expect(side(page).getByRole('button', { name: 'Options for Bees' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).waitFor();
  await page.keyboard.press('m');
  await expect(page.getByRole('menuitem', { name: 'Move to folder…' })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move to folder' });
  await dialog.getByRole('textbox', { name: 'New folder' }).focus();
  await page.keyboard.type('Garden');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(inPart(page, 'Garden')).toHaveText(['Bees']);
  await expect(inPart(page, 'Today')).toHaveText(['Tea']);
  await expect(toast(page)).toContainText('Conversation moved to “Garden”');

  await newFolder(page, 'Work');
  await choose(page, 'Tea', 'Move to folder…');
  await dialog.getByRole('button', { name: 'Work' }).click();
  await expect(inPart(page, 'Work')).toHaveText(['Tea']);
  const options = async (name: string, item: string) => {
    await part(page, name).hover();
    await side(page).getByRole('button', { name: `Options for folder ${name}` }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  const order = () => side(page).getByRole('region').evaluateAll((all) => all.map((one) => one.querySelector('h2')!.textContent));
  await options('Work', 'Move up');
  await expect.poll(order).toEqual(['Work', 'Garden']);
  await options('Garden', 'Rename');
  await page.getByRole('dialog', { name: 'Rename folder' }).getByRole('textbox', { name: 'Name' }).fill('Allotment');
  await page.keyboard.press('Enter');
  await expect.poll(order).toEqual(['Work', 'Allotment']);

  const stored = page.waitForResponse('**/api/folders/close');
  await part(page, 'Work').locator('summary').click();
  await stored;
  await expect(row(page, 'Tea')).toBeHidden();
  await reload(page);
  await expect.poll(order).toEqual(['Work', 'Allotment']);
  await expect(row(page, 'Tea')).toBeHidden();
  await expect(row(page, 'Bees')).toBeVisible();

  await options('Work', 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete folder' }).click();
  await expect(part(page, 'Work')).toBeHidden();
  await expect(inPart(page, 'Today')).toHaveText(['Tea']);
  await reload(page);
  await expect(inPart(page, 'Today')).toHaveText(['Tea']);
});

test('a conversation is dragged into a folder, onto what is pinned, and back', async ({ chat, llm }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees', 'Tea', 'Sky');
  await newFolder(page, 'Garden');
  await drag(page, row(page, 'Bees'), part(page, 'Garden').locator('summary'));
  await expect(inPart(page, 'Garden')).toHaveText(['Bees']);
  await drag(page, row(page, 'Tea'), page.getByText('Drop here to pin'));
  await expect(inPart(page, 'Pinned')).toHaveText(['Tea']);
  await expect(page.getByText('Drop here to pin')).toBeHidden();
  await drag(page, row(page, 'Bees'), row(page, 'Sky'));
  await expect(inPart(page, 'Today')).toHaveText(['Sky', 'Bees']);
  await reload(page);
  await expect(inPart(page, 'Pinned')).toHaveText(['Tea']);
  await expect(inPart(page, 'Today')).toHaveText(['Sky', 'Bees']);
});

test('what is archived is out of the way until it is undone, found, or written to', async ({ chat, llm }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees', 'Tea');
  await choose(page, 'Bees', 'Archive');
  await expect(row(page, 'Bees')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Bees')).toBeVisible();
  await choose(page, 'Bees', 'Archive');
  await expect(row(page, 'Bees')).toBeHidden();
  await expect(toast(page)).toContainText('Conversation archived');

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('bees');
  const hit = page.getByRole('option', { name: /Bees/ }).first();
  await expect(hit).toContainText('Archived');
  await page.getByRole('combobox').fill('archived conv');
  await page.getByRole('option', { name: 'Archived conversations' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Archived conversations' })).toBeVisible();
  await page.getByRole('link', { name: 'Bees' }).click();
  await awake(page);
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await expect(page.getByRole('menuitem', { name: 'Unarchive' })).toBeVisible();
  await page.keyboard.press('Escape');
  await chat.ask('And wasps?');
  const ask = await llm.next();
  ask.text('Also.');
  ask.end();
  await expect(chat.send).toBeVisible();
  await expect(row(page, 'Bees')).toBeVisible();

  // Archiving the conversation that is open leaves it open, and its menu knows.
  await choose(page, 'Bees', 'Archive');
  await expect(row(page, 'Bees')).toBeHidden();
  await expect(chat.questions).toHaveCount(2);
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await page.getByRole('menuitem', { name: 'Unarchive' }).click();
  await expect(row(page, 'Bees')).toBeVisible();
});

test('what fails is put back and told', async ({ chat, llm, complaints }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees', 'Tea');
  await choose(page, 'Tea', 'Pin');
  await expect(inPart(page, 'Pinned')).toHaveText(['Tea']);
  await page.route('**/api/conversations/organise', (route) => route.abort());
  await choose(page, 'Bees', 'Archive');
  await expect(toast(page)).toContainText("The server can't be reached");
  await expect(inPart(page, 'Today')).toHaveText(['Bees']);
  await choose(page, 'Tea', 'Unpin');
  await expect(toast(page)).toContainText("The server can't be reached");
  await expect(inPart(page, 'Pinned')).toHaveText(['Tea']);
  // The browser itself notes each request that failed.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([]);
});

test('a menu that could not be loaded is there when it is opened again', async ({ chat, llm, complaints }) => {
  const { page } = chat;
  await talks(chat, llm, 'Bees');
  await page.route('**/pkg/chunk.*', (route) => route.abort());
  await side(page).getByRole('button', { name: 'Options for Bees' }).click();
  await expect(toast(page)).toContainText('This could not be loaded');
  await page.unroute('**/pkg/chunk.*');
  await page.keyboard.press('Escape');
  await choose(page, 'Bees', 'Pin');
  await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([]);
});

test('several are selected with mouse and keyboard, moved, and deleted after one question', async ({ chat, llm }) => {
  const { page } = chat;
  await talks(chat, llm, 'One', 'Two', 'Three', 'Four', 'Five');
  await newFolder(page, 'Numbers');
  const box = (name: string) => side(page).getByRole('checkbox', { name, exact: true });
  const bar = side(page).getByRole('toolbar', { name: 'Selected conversations' });

  await row(page, 'Four').click({ modifiers: ['Control'] });
  await expect(box('Four')).toBeChecked();
  await expect(box('Four')).toBeFocused();
  await expect(page).toHaveURL(/\/c\//);
  await box('Two').click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('3 selected');
  await box('Two').click();
  await expect(bar).toContainText('2 selected');
  await bar.getByRole('button', { name: 'Move to folder…' }).click();
  await page.getByRole('dialog', { name: 'Move 2 conversations to folder' }).getByRole('button', { name: 'Numbers' }).click();
  await expect(bar).toBeHidden();
  await expect(inPart(page, 'Numbers')).toHaveText(['Four', 'Three']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(inPart(page, 'Today')).toHaveText(['Five', 'Four', 'Three', 'Two', 'One']);

  // By keyboard alone.
  await row(page, 'Two').focus();
  await page.keyboard.press('x');
  await expect(box('Two')).toBeChecked();
  await expect(box('Two')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await expect(box('One')).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await expect(bar).toContainText('3 selected');
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await expect(row(page, 'One')).toBeFocused();

  // By the palette.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('select');
  await page.keyboard.press('Enter');
  await expect(box('Five')).toBeFocused();
  await expect(bar.getByRole('button', { name: 'Delete…' })).toBeDisabled();
  for (const name of ['One', 'Two', 'Five']) await box(name).check();
  await bar.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 3 conversations?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(bar).toContainText('3 selected');
  await bar.getByRole('button', { name: 'Delete…' }).click();
  await dialog.getByRole('button', { name: 'Delete 3 conversations' }).click();
  await expect(inPart(page, 'Today')).toHaveText(['Four', 'Three']);
  // The one that was open is gone.
  await expect(page).toHaveURL(/\/$/);
  await expect(toast(page)).toContainText('3 conversations deleted');
  await reload(page);
  await expect(inPart(page, 'Today')).toHaveText(['Four', 'Three']);
});

test('the sidebar is as wide as it was left, before any script runs', async ({ chat, context }) => {
  const { page } = chat;
  const edge = page.getByRole('separator', { name: 'Width of the sidebar' });
  const width = (page: Page) => side(page).evaluate((element) => element.getBoundingClientRect().width);
  expect(await width(page)).toBe(272);
  const box = (await edge.boundingBox())!;
  await page.mouse.move(box.x + 3, 400);
  await page.mouse.down();
  await expect(async () => {
    await page.mouse.move(341, 400);
    await page.mouse.move(340, 400);
    expect(await width(page)).toBe(340);
  }).toPass();
  await page.mouse.up();
  await expect(edge).toHaveAttribute('aria-valuenow', '340');

  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(edge).toHaveAttribute('aria-valuenow', '332');
  await page.keyboard.press('End');
  await expect.poll(() => width(page)).toBe(420);
  await page.keyboard.press('Home');
  await expect.poll(() => width(page)).toBe(220);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => width(page)).toBe(260);

  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) (window as unknown as { shifted: number }).shifted += (shift as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    (window as unknown as { shifted: number }).shifted = 0;
  });
  await reload(page);
  expect(await width(page)).toBe(260);
  await expect(edge).toHaveAttribute('aria-valuenow', '260');
  expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBe(0);
  const html = await (await context.request.get(page.url())).text();
  expect(html).toContain('class="app w260"');

  await edge.dblclick();
  await expect.poll(() => width(page)).toBe(272);
  await reload(page);
  expect(await width(page)).toBe(272);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(edge).toBeHidden();
});

test.describe('for everybody', () => {
  // For axe; the policy is tested elsewhere.
  test.use({ bypassCSP: true });

  test('the list in every shape', async ({ chat, confab, llm }) => {
    const { page } = chat;
    await talks(chat, llm, 'Q4 reading list for the team', 'Why the WAL file keeps growing', 'Trip to Tromsø, five days', 'Rename the billing crate');
    await newFolder(page, 'Household');
    await newFolder(page, 'An empty one');
    await choose(page, 'Q4 reading list for the team', 'Pin');
    await choose(page, 'Trip to Tromsø, five days', 'Move to folder…');
    await page.getByRole('dialog').getByRole('button', { name: 'Household' }).click();
    await expect(inPart(page, 'Household')).toHaveCount(1);
    await check(page, 'organise');
    // The last shape was that of a phone.
    await page.getByRole('button', { name: 'Open sidebar' }).click();
    await expect(side(page)).toBeVisible();
    if (screens) await page.screenshot({ path: `${screens}/organise-drawer.png` });
    await page.setViewportSize({ width: 1440, height: 900 });
    await row(page, 'Rename the billing crate').click({ modifiers: ['Control'] });
    await check(page, 'organise-selecting');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('toolbar').getByRole('button', { name: 'Move to folder…' }).click();
    await expect(page.getByRole('dialog', { name: 'Move to folder' })).toBeVisible();
    await check(page, 'organise-move');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
    await expect(toast(page)).toContainText('Conversation archived');
    for (const path of ['archive', 'folders']) {
      await page.goto(`${confab.origin}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await check(page, path);
    }
  });

  test('in the drawer', async ({ chat, llm }) => {
    const { page } = chat;
    await talks(chat, llm, 'Bees', 'Tea');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Open sidebar' }).click();
    await side(page).getByRole('button', { name: 'List options' }).click();
    await page.getByRole('menuitem', { name: 'Select conversations' }).click();
    await side(page).getByRole('checkbox', { name: 'Bees' }).check();
    await side(page).getByRole('toolbar').getByRole('button', { name: 'Pin' }).click();
    await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
    await row(page, 'Bees').click();
    await expect(chat.questions).toHaveText(['Bees']);
    await expect(side(page)).toBeHidden();
  });
});

test.describe('without scripts', () => {
  test('everything is done by plain forms', async ({ browser, chat, confab, llm }) => {
    await talks(chat, llm, 'Bees');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(await confab.loginLink());
    await page.getByRole('button', { name: /^Continue as/ }).click();
    await expect(side(page).getByRole('button', { name: 'List options' })).toBeHidden();
    await row(page, 'Bees').click();
    await page.getByRole('link', { name: 'Options' }).click();
    await page.getByRole('link', { name: 'Folders' }).click();
    await page.getByRole('textbox', { name: 'New folder' }).fill('Garden');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('textbox', { name: 'Name of the folder' })).toHaveValue('Garden');
    await page.getByRole('link', { name: 'Back to chat' }).click();
    await row(page, 'Bees').click();
    await page.getByRole('link', { name: 'Options' }).click();
    await page.getByRole('combobox', { name: 'Folder' }).selectOption('Garden');
    await page.getByRole('button', { name: 'Move' }).click();
    await expect(inPart(page, 'Garden')).toHaveText(['Bees']);
    await page.getByRole('link', { name: 'Options' }).click();
    await page.getByRole('button', { name: 'Pin' }).click();
    await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
    await page.getByRole('link', { name: 'Options' }).click();
    await page.getByRole('button', { name: 'Archive' }).click();
    await expect(page).toHaveURL(/\/archive$/);
    await page.getByRole('button', { name: 'Unarchive' }).click();
    await expect(inPart(page, 'Pinned')).toHaveText(['Bees']);
    await page.getByRole('link', { name: 'Options' }).click();
    await page.getByText('Delete…').click();
    await page.getByRole('button', { name: 'Delete conversation' }).click();
    await expect(page).toHaveURL(/\/$/);
    await expect(row(page, 'Bees')).toBeHidden();
    await context.close();
  });
});
