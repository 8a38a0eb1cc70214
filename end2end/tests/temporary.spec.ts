// Temporary chats, and summaries of long conversations.
import { expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

test('a temporary chat is answered, remembers, and is gone', async ({ chat, llm }) => {
  const { page } = chat;
  const button = page.getByRole('button', { name: 'Temporary chat' });
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('It is not kept')).toBeVisible();
  await chat.ask('My name is Heron');
  const first = await llm.next();
  first.text('Hello **Heron**.');
  await expect(chat.replies.locator('strong')).toHaveText('Heron');
  first.end();
  await expect(chat.replies.getByRole('group', { name: 'Response statistics' })).toBeVisible();
  await check(page, 'temporary-chat');

  await chat.box.fill('Who am I?');
  await chat.box.press('Enter');
  const second = await llm.next();
  expect(second.body.messages.map((message: { content: string }) => message.content)).toEqual([
    'My name is Heron',
    'Hello **Heron**.',
    'Who am I?',
  ]);
  second.text('You');
  await expect(chat.replies.last()).toContainText('You');
  await chat.stop.click();
  await second.closed;
  await expect(chat.replies.last()).toContainText('Stopped');

  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByText('No conversations yet')).toBeAttached();
  await page.reload();
  await chat.awake();
  await expect(page.getByText('Heron')).toHaveCount(0);
  await expect(page.getByText('No conversations yet')).toBeAttached();
});

test('a temporary message that was refused is still there', async ({ chat, confab, llm, complaints }) => {
  void llm;
  await chat.page.getByRole('button', { name: 'Temporary chat' }).click();
  await expect(chat.page.getByText('It is not kept')).toBeVisible();
  await chat.box.fill('Not to be lost');
  await confab.end('SIGKILL');
  await chat.send.click();
  await expect(chat.page.getByRole('alert')).toContainText("can't be reached");
  await expect(chat.box).toHaveValue('Not to be lost');
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_CONNECTION'))).toEqual([]);
});

test('the beginning of a conversation is summarised from its menu', async ({ chat, llm }) => {
  const { page } = chat;
  const ask = async (question: string, answer: string) => {
    await chat.ask(question);
    const asked = await llm.next();
    asked.text(answer);
    asked.end();
    await expect(chat.replies.getByText(answer)).toBeVisible();
    await expect(chat.send).toBeVisible();
  };
  await ask('Question one', 'Answer one');
  await expect(page).toHaveURL(/\/c\//);
  await ask('Question two', 'Answer two');
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await page.getByRole('menuitem', { name: 'Summarise…' }).click();
  await expect(page.getByRole('heading', { name: 'Summary' })).toBeVisible();
  await check(page, 'summarise');
  const asked = llm.next();
  await page.getByRole('button', { name: 'Summarise what is above' }).click({ noWaitAfter: true });
  const summary = await asked;
  summary.text('They asked one thing.');
  summary.end();
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await page.getByText('Summarised above').click();
  await expect(page.getByText('They asked one thing.')).toBeVisible();
  await expect(chat.replies.getByText('Answer one')).toBeVisible();
});
