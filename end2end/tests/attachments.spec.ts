// Files beside a message: attaching, removing, sending, and having them back.
import type { Locator } from '@playwright/test';
import { Confab } from '../support/confab.ts';
import { type Chat, expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

// For axe; the policy is tested elsewhere.
test.use({
  bypassCSP: true,
  confab: async ({ llm }, use) => {
    const confab = await Confab.start({
      OPENAI_PROXY_URL: llm.url,
      OPENAI_API_KEY: 'sk-canary-e2e',
      OPENAI_MODEL_LIST: '-all,+scripted-one=Seer<:vision>,+scripted-two=Reader',
    });
    await use(confab);
    await confab.remove();
  },
});

/** Three pixels by two. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOIqrCBIAY4CwBAEAZVWLC1CwAAAABJRU5ErkJggg==', 'base64');
const picture = { name: 'graph.png', mimeType: 'image/png', buffer: PICTURE };
const text = { name: 'pool.rs', mimeType: '', buffer: Buffer.from('fn pool() { /* a marker: heron */ }\n') };
const refused = { name: 'song.bin', mimeType: 'audio/mpeg', buffer: Buffer.from([0, 1, 2, 3, 255, 254, 0, 0, 9]) };

const composer = (chat: Chat) => chat.page.getByRole('form', { name: 'Message composer' });
const list = (around: Locator) => around.getByRole('list', { name: 'Attachments' });
const row = (chat: Chat, name: string) => list(composer(chat)).getByRole('listitem').filter({ hasText: name });

async function attach(chat: Chat, ...files: (typeof text)[]) {
  const chooser = chat.page.waitForEvent('filechooser');
  await composer(chat).getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles(files);
}

/** What happens when files are pasted, or dragged and dropped. */
async function handOver(target: Locator, type: 'paste' | 'dragover' | 'dragleave' | 'drop', file: typeof text) {
  const sent = { type, name: file.name, mimeType: file.mimeType, bytes: file.buffer.toString('base64') };
  await target.evaluate((element, { type, name, mimeType, bytes }) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    data.items.add(new File([content], name, { type: mimeType }));
    const common = { bubbles: true, cancelable: true };
    element.dispatchEvent(
      type === 'paste'
        ? new ClipboardEvent(type, { ...common, clipboardData: data })
        : new DragEvent(type, { ...common, dataTransfer: data }),
    );
  }, sent);
}

test('g02 files go with a message, and are there after a reload', async ({ chat, llm }) => {
  const { page } = chat;
  await attach(chat, text, picture);
  await expect(row(chat, 'pool.rs')).toContainText(/\d+\stokens/);
  await expect(row(chat, 'graph.png')).toContainText(/\d+\sB/);
  await expect.poll(() => row(chat, 'graph.png').locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(3);
  await expect(chat.send).toBeDisabled();
  await check(page, 'attachments-composer');
  await chat.ask('What is in these?');

  const ask = await llm.next();
  const parts = JSON.stringify(ask.body.messages.at(-1)?.content);
  expect(parts).toContain('a marker: heron');
  expect(parts).toContain('What is in these?');
  expect(parts).toMatch(/data:image\/png;base64,iVBOR/);
  ask.text('A function and a picture.');
  ask.end();
  await expect(list(composer(chat))).toHaveCount(0);
  const seen = async () => {
    const files = list(chat.questions);
    await expect(files.getByRole('listitem')).toHaveCount(2);
    await expect(files.getByRole('link', { name: /pool\.rs/ })).toContainText('tokens');
    const image = files.getByRole('img', { name: 'graph.png' });
    await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(3);
    const link = await files.getByRole('link', { name: 'graph.png' }).getAttribute('href');
    expect(link).toMatch(/^\/api\/files\/[0-9a-f-]{36}$/);
  };
  await expect(page).toHaveURL(/\/c\//);
  await seen();
  await expect(chat.replies.getByText('A function and a picture.')).toBeVisible();
  await check(page, 'attachments-message');
  await page.reload();
  await chat.awake();
  await seen();
  const download = page.waitForEvent('download');
  await list(chat.questions).getByRole('link', { name: /pool\.rs/ }).click();
  expect((await download).suggestedFilename()).toBe('pool.rs');
});

test('g04 a file that is refused says why, and nothing else is lost', async ({ chat, llm, complaints }) => {
  await chat.box.fill('Read this');
  await attach(chat, refused, text);
  await expect(row(chat, 'song.bin').getByRole('alert')).toHaveText(/^Files of this kind can't be read\. Attach pictures/);
  await expect(row(chat, 'pool.rs')).toContainText('tokens');
  await expect(chat.box).toHaveValue('Read this');
  await check(chat.page, 'attachments-refused');
  await composer(chat).getByRole('button', { name: 'Remove song.bin' }).click();
  await expect(row(chat, 'song.bin')).toHaveCount(0);
  await expect(chat.box).toBeFocused();
  await chat.send.click();
  const ask = await llm.next();
  expect(JSON.stringify(ask.body.messages.at(-1)?.content)).toContain('a marker: heron');
  ask.end();
  // The browser itself notes each request that was refused.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('status of 422'))).toEqual([]);
});

test('what is removed is not sent, and not kept', async ({ chat, llm }) => {
  const { page } = chat;
  await attach(chat, text, picture);
  await expect(row(chat, 'pool.rs')).toContainText('tokens');
  const gone = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await composer(chat).getByRole('button', { name: 'Remove pool.rs' }).click();
  expect((await gone).status()).toBe(204);
  await chat.ask('And now?');
  const ask = await llm.next();
  const parts = JSON.stringify(ask.body.messages.at(-1)?.content);
  expect(parts).not.toContain('heron');
  expect(parts).toContain('data:image/png');
  ask.end();
  await expect(list(chat.questions).getByRole('listitem')).toHaveCount(1);
});

test('sending waits until files have arrived', async ({ chat, llm }) => {
  const { page } = chat;
  let arrive = () => {};
  const late = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/api/files?*', async (route) => {
    await late;
    await route.continue();
  });
  await chat.box.fill('Wait for it');
  await attach(chat, text);
  await expect(row(chat, 'pool.rs')).toContainText('Uploading');
  await expect(chat.send).toBeDisabled();
  await chat.box.press('Enter');
  await expect(chat.box).toHaveValue('Wait for it');
  arrive();
  await expect(row(chat, 'pool.rs')).toContainText('tokens');
  await chat.box.press('Enter');
  const ask = await llm.next();
  expect(JSON.stringify(ask.body.messages.at(-1)?.content)).toContain('heron');
  ask.end();
});

test('files are pasted and dropped, and a model that is blind says so', async ({ chat }) => {
  const { page } = chat;
  await handOver(chat.box, 'paste', picture);
  await expect(row(chat, 'graph.png')).toContainText(/\d+\sB/);
  await handOver(chat.box, 'dragover', text);
  await expect(composer(chat)).toHaveAttribute('data-drag', '');
  await check(page, 'attachments-dragging');
  await handOver(composer(chat), 'dragleave', text);
  await expect(composer(chat)).not.toHaveAttribute('data-drag');
  await handOver(chat.box, 'dragover', text);
  await handOver(chat.box, 'drop', text);
  await expect(composer(chat)).not.toHaveAttribute('data-drag');
  await expect(row(chat, 'pool.rs')).toContainText('tokens');

  const note = page.getByText("can't see images");
  await expect(note).toHaveCount(0);
  await page.getByRole('button', { name: 'Model: Seer' }).click();
  await page.getByRole('option', { name: /Reader/ }).click();
  await expect(note).toHaveText("Reader can't see images");
});

test('what could not be sent is attached again', async ({ chat, llm, complaints }) => {
  const { page } = chat;
  await attach(chat, text);
  await expect(row(chat, 'pool.rs')).toContainText('tokens');
  await page.route('**/api/turns/send', (route) => route.abort());
  await chat.ask('Is anybody there?');
  await expect(page.getByRole('alert').filter({ hasText: 'reached' })).toBeVisible();
  await expect(row(chat, 'pool.rs')).toContainText('tokens');
  await page.unroute('**/api/turns/send');
  await chat.send.click();
  const ask = await llm.next();
  expect(JSON.stringify(ask.body.messages.at(-1)?.content)).toContain('heron');
  ask.end();
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_FAILED'))).toEqual([]);
});

test('a picture opens in large, and the focus comes back', async ({ chat, llm }) => {
  const { page } = chat;
  await attach(chat, picture);
  await expect(row(chat, 'graph.png')).toContainText(/\d+\sB/);
  await chat.ask('What is this?');
  const ask = await llm.next();
  ask.text('Three pixels');
  await expect(chat.replies).toContainText('Three pixels');
  const link = list(chat.questions).getByRole('link');
  const large = page.getByRole('dialog', { name: 'graph.png' });
  await link.click();
  await expect(large.getByRole('img', { name: 'graph.png' })).toBeVisible();
  await check(page, 'picture');
  await page.keyboard.press('Escape');
  await expect(large).toHaveCount(0);
  await expect(link).toBeFocused();
  await expect(chat.stop, 'the key was the dialog\u2019s').toBeVisible();
  await link.press('Enter');
  await large.getByRole('button', { name: 'Close' }).click();
  await expect(large).toHaveCount(0);
  await expect(link).toBeFocused();
  await link.click();
  await page.mouse.click(5, 5);
  await expect(large).toHaveCount(0);
  expect(page.context().pages()).toHaveLength(1);
  ask.end();
  await expect(chat.send).toBeVisible();
});
