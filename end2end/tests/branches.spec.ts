// Messages have versions, answers go on, and what is deleted can be brought back.
import type { Locator } from '@playwright/test';
import { type Chat, expect, secondPage, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

const ANSWER = 'Nothing is broken. A long-lived reader is pinning the checkpoint: SQLite may not recycle a frame while any connection still reads an older snapshot.';

/** Answers the next question as a whole. */
async function answer(chat: Chat, llm: ScriptedLlm, text: string) {
  const ask = await llm.next();
  ask.text(text);
  ask.end();
  await expect(chat.replies.last()).toContainText(text);
  await expect(chat.send).toBeVisible();
  return ask;
}

async function talk(chat: Chat, llm: ScriptedLlm, ...pairs: [string, string][]) {
  for (const [question, text] of pairs) {
    await chat.ask(question);
    await answer(chat, llm, text);
  }
}

/** The browser itself notes each request that was refused. */
function refused(complaints: string[]) {
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('422'))).toEqual([]);
}

const versions = (message: Locator) => message.getByRole('group', { name: / versions$/ });
const field = (chat: Chat) => chat.page.getByRole('textbox', { name: 'Edit message' });

test('an edited message is another version, and one goes back and forth between them', async ({ chat, llm }) => {
  const { page } = chat;
  await talk(chat, llm, ['Why is the sky blue?', 'Rayleigh.'], ['And at dusk?', 'Longer ways.']);
  const first = chat.questions.first();
  await first.hover();
  await chat.action(first, 'Edit message').click();
  await expect(field(chat)).toHaveValue('Why is the sky blue?');
  await field(chat).fill('Why is the sea blue?');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const ask = await answer(chat, llm, 'It absorbs red.');
  expect(ask.body.messages.map(({ content }) => content)).toEqual(['Why is the sea blue?']);
  await expect(chat.questions).toHaveText(['Why is the sea blue?2 / 2']);
  await expect(chat.replies).toHaveCount(1);

  await versions(first).getByRole('button', { name: 'Previous version' }).click();
  await expect(chat.questions).toHaveText(['Why is the sky blue?1 / 2', 'And at dusk?']);
  await expect(chat.replies.last()).toContainText('Longer ways.');
  await page.reload();
  await chat.awake();
  await expect(versions(first)).toHaveText('1 / 2');
  await expect(chat.replies.last()).toContainText('Longer ways.');

  await versions(first).getByRole('button', { name: 'Next version' }).click();
  await expect(chat.replies).toContainText(['It absorbs red.']);
  await expect(versions(first).getByRole('button', { name: 'Next version' })).toHaveAttribute('aria-disabled', 'true');
});

test('editing can be left, and what was typed survives a refusal', async ({ chat, confab, llm, complaints }) => {
  const { page } = chat;
  await talk(chat, llm, ['Hello', 'Hi.']);
  const edit = chat.action(chat.questions.first(), 'Edit message');
  await edit.focus();
  await page.keyboard.press('Enter');
  await expect(field(chat)).toBeFocused();
  await page.keyboard.type(' there');
  await page.keyboard.press('Escape');
  await expect(chat.questions).toHaveText(['Hello']);
  await expect(edit).toBeFocused();

  await page.keyboard.press('Enter');
  await field(chat).fill('Good day');
  await confab.end('SIGKILL');
  await page.keyboard.press('Enter');
  await expect(chat.questions.getByRole('alert')).toContainText("can't be reached");
  await expect(field(chat)).toHaveValue('Good day');
  await confab.run();
  await field(chat).press('Enter');
  await answer(chat, llm, 'Good day to you.');
  await expect(chat.questions).toHaveText(['Good day2 / 2']);
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_CONNECTION'))).toEqual([]);
});

test('an answer is written again by the same model and by another one', async ({ chat, llm, context }) => {
  const { page } = chat;
  await talk(chat, llm, ['Hello', 'Hi.']);
  const reply = chat.replies.first();
  await chat.action(reply, 'Regenerate response').click();
  await answer(chat, llm, 'Good day.');
  await expect(versions(reply)).toHaveText('2 / 2');
  await expect(chat.replies).toHaveCount(1);

  await chat.more(reply, 'Regenerate with another model…');
  await page.getByRole('option', { name: /scripted-two/ }).click();
  const ask = await answer(chat, llm, 'Salut.');
  expect(ask.body.model).toBe('scripted-two');
  await expect(versions(reply)).toHaveText('3 / 3');
  await expect(page.getByRole('article', { name: 'Reply from scripted-two' })).toBeVisible();

  await versions(reply).getByRole('button', { name: 'Previous version' }).click();
  await expect(versions(reply)).toHaveText('2 / 3');
  await expect(reply).toContainText('Good day.');
  const second = await secondPage(context, page.url());
  await expect(versions(second.replies.first())).toHaveText('2 / 3');
  await second.page.close();
});

test('an answer that was stopped goes on', async ({ chat, llm }) => {
  await chat.ask('Tell a story');
  const ask = await llm.next();
  ask.text('Once upon');
  await expect(chat.replies).toContainText('Once upon');
  await chat.stop.click();
  await ask.closed;
  await expect(chat.replies).toContainText('Stopped');
  await chat.replies.getByRole('button', { name: 'Continue' }).click();
  const on = await llm.next();
  expect(on.body.messages).toContainEqual(expect.objectContaining({ role: 'assistant', content: 'Once upon' }));
  await expect(chat.replies.locator('.prose')).toHaveText('Once upon');
  on.text(' a time.');
  on.end();
  await expect(chat.replies.locator('.prose')).toHaveText('Once upon a time.');
  await expect(versions(chat.replies)).toHaveText('2 / 2');
  await expect(chat.replies.getByRole('button', { name: 'Continue' })).toBeHidden();
});

test('an answer that reached the limit of tokens goes on', async ({ chat, llm }) => {
  await chat.ask('Count');
  const ask = await llm.next();
  ask.text('1, 2');
  ask.reachLimit();
  await expect(chat.replies).toContainText('The model reached its limit of tokens');
  await chat.more(chat.replies, 'Continue');
  const on = await llm.next();
  on.text(', 3');
  on.end();
  await expect(chat.replies.locator('.prose')).toHaveText('1, 2, 3');
});

test('a deleted message comes back by Undo, where it was', async ({ chat, llm }) => {
  const { page } = chat;
  await talk(chat, llm, ['One', 'Reply to one'], ['Two', 'Reply to two']);
  await chat.more(chat.replies.first(), 'Delete message');
  await expect(chat.replies).toHaveCount(1);
  await expect(chat.questions).toHaveText(['One', 'Two']);
  await expect(page.getByText('Message deleted')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.replies).toHaveCount(2);
  await expect(chat.replies.first()).toContainText('Reply to one');

  await chat.more(chat.questions.first(), 'Delete this and what follows');
  await expect(chat.questions).toHaveCount(0);
  await expect(chat.replies).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.questions).toHaveText(['One', 'Two']);
  await page.reload();
  await expect(chat.replies).toHaveCount(2);
});

test('while an answer is being written nothing is deleted, and it says why', async ({ chat, llm, complaints }) => {
  await talk(chat, llm, ['One', 'Reply to one']);
  await chat.ask('Two');
  const ask = await llm.next();
  ask.text('Going');
  await expect(chat.replies.last()).toContainText('Going');
  await chat.more(chat.questions.first(), 'Delete message');
  await expect(chat.page.getByText('A reply is still being written here. Wait for it, or stop it first')).toBeVisible();
  await expect(chat.questions).toHaveCount(2);
  ask.end();
  await expect(chat.send).toBeVisible();
  await chat.more(chat.questions.first(), 'Delete message');
  await expect(chat.questions).toHaveText(['Two']);
  refused(complaints);
});

test('versions, editing, deleting and undoing by keyboard', async ({ chat, llm }) => {
  const { page } = chat;
  await talk(chat, llm, ['Hello', 'Hi.']);
  const reply = chat.replies.first();
  await chat.action(reply, 'Regenerate response').focus();
  await page.keyboard.press('Enter');
  await answer(chat, llm, 'Good day.');
  await expect(chat.box).toBeFocused();

  await versions(reply).getByRole('button', { name: 'Previous version' }).focus();
  await page.keyboard.press('Enter');
  await expect(reply).toContainText('Hi.');
  await expect(versions(reply).getByRole('button', { name: 'Previous version' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(reply).toContainText('Good day.');
  await expect(versions(reply).getByRole('button', { name: 'Next version' })).toBeFocused();

  await chat.action(reply, 'More message actions').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Regenerate with another model…' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Delete message' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(reply).toContainText('Hi.');
  await expect(chat.box).toBeFocused();
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(undo).toBeFocused({ timeout: 200 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(reply).toContainText('Good day.');
  await expect(versions(reply)).toHaveText('2 / 2');

  await expect(chat.box).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(field(chat)).toBeFocused();
  await page.keyboard.type(' there');
  await page.keyboard.press('Enter');
  await answer(chat, llm, 'Hello to you.');
  await expect(chat.questions).toHaveText(['Hello there2 / 2']);
});

test('how models answer is set on a page of its own', async ({ chat, llm, complaints }) => {
  const { page } = chat;
  await talk(chat, llm, ['Hello', 'Hi.']);
  await page.getByRole('button', { name: 'Conversation options' }).click();
  await page.getByRole('menuitem', { name: 'Options…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Model parameters' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Instructions' }).fill('Answer in French.');
  await page.getByRole('textbox', { name: 'Temperature' }).fill('warm');
  await page.getByRole('combobox', { name: 'Reasoning effort' }).selectOption('High');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toHaveText('The temperature is a number from 0 to 2.');
  await expect(page.getByRole('textbox', { name: 'Instructions' })).toHaveValue('Answer in French.');
  await expect(page.getByRole('combobox', { name: 'Reasoning effort' })).toHaveValue('high');
  await page.getByRole('textbox', { name: 'Temperature' }).fill('0.2');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await chat.awake();
  await chat.ask('And now?');
  const ask = await answer(chat, llm, 'Bonjour.');
  expect(ask.body.messages[0]).toMatchObject({ role: 'system', content: 'Answer in French.' });
  refused(complaints);
});

test('a rule shows from where on the model remembers', async ({ chat, llm }) => {
  const { page } = chat;
  const long = 'word '.repeat(300);
  await talk(chat, llm, [`First ${long}`, 'One.'], [`Second ${long}`, 'Two.'], ['Third', 'Three.']);
  const rule = page.getByText('remembers from here');
  await expect(rule).toBeHidden();
  // As if the model's window were known, and small.
  await page.route(/\/c\/[0-9a-f-]{36}$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll('\\"context_tokens\\":null', '\\"context_tokens\\":1000');
    await route.fulfill({ response, body });
  });
  await page.reload();
  await expect(rule).toHaveText('scripted-one remembers from here');
  const order = await page.getByRole('log').locator('> *').evaluateAll((all) => all.map((one) => one.textContent!));
  const at = order.indexOf('scripted-one remembers from here');
  expect(order[at + 1]).toMatch(/^Second/);
});

test.describe('as everybody sees it', () => {
  // For axe; the policy is tested elsewhere.
  test.use({ bypassCSP: true });

  test('versions, an edited message, the menu, Undo, and the options', async ({ chat, llm, complaints }) => {
    const { page } = chat;
    await talk(chat, llm, ['Why does our WAL file grow past 2 GB under load?', ANSWER]);
    await chat.action(chat.replies, 'Regenerate response').click();
    await answer(chat, llm, ANSWER);
    await chat.ask('Good. How would I notice this before users do?');
    const ask = await llm.next();
    ask.text('Watch the size of the file, not latency. It starts to climb several');
    ask.reachLimit();
    await expect(chat.replies.last()).toContainText('limit of tokens');
    await chat.replies.first().locator('summary').last().click();
    await check(page, 'branches-versions');

    await page.setViewportSize({ width: 1440, height: 900 });
    const question = chat.questions.first();
    await question.hover();
    await chat.action(question, 'Edit message').click();
    await expect(field(chat)).toBeFocused();
    await field(chat).fill('Why does our WAL file grow past 2 GB under load, and only at night?');
    await check(page, 'branches-editing');
    await page.keyboard.press('Escape');

    await page.setViewportSize({ width: 1440, height: 900 });
    await chat.action(chat.replies.last(), 'More message actions').click();
    await expect(page.getByRole('menuitem', { name: 'Continue' })).toBeFocused();
    await check(page, 'branches-menu');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('menuitem', { name: 'Delete this and what follows' }).click();
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).hover();
    await check(page, 'branches-undo');

    await page.goto(`${page.url()}/options`);
    await check(page, 'options');
    await page.getByRole('textbox', { name: 'Temperature' }).fill('warm');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await check(page, 'options-refused');
    refused(complaints);
  });
});
