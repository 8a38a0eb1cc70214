// The main job: sign in, ask, watch the answer, reload in its middle, stop it, restart the server, find everything again.
import { awake, expect, secondPage, signIn, test } from '../support/fixtures.ts';

test('the owner claims the server and is signed in on a page that is awake', async ({ confab, page, complaints }) => {
  void complaints;
  await expect.poll(() => confab.greeting).toContain(`${confab.origin}/login/`);
  const link = await confab.loginLink();
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Claim this server' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue as owner' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 2, name: 'Welcome, Owner' })).toBeVisible();
  await expect(page.getByText('No conversations yet')).toBeVisible();

  const other = await page.context().browser()!.newContext();
  const second = await other.newPage();
  const gone = await second.goto(link);
  expect(gone!.status()).toBe(410);
  await expect(second.getByText('confab login-link')).toBeVisible();
  await other.close();
});

test('a question is answered word by word, kept and titled', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('Why is the sky blue?');
  await expect(chat.questions).toHaveText(/Why is the sky blue\?/);
  const ask = await llm.next();
  expect(ask.prompt).toBe('Why is the sky blue?');
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await expect(chat.stop).toBeVisible();
  await expect(chat.status).toHaveText('scripted-one is responding');

  ask.text('Because of **Rayleigh', ' scattering**.\n\n');
  await expect(chat.replies.locator('strong')).toHaveText('Rayleigh scattering');
  await expect(chat.replies).toHaveAttribute('aria-busy', 'true');
  await expect(page.getByRole('img', { name: 'Responding' })).toBeVisible();
  ask.text('```rust\nfn main() {', '}\n```\n');
  await expect(chat.replies.getByRole('button', { name: 'Copy code' })).toBeVisible();
  ask.end();
  await expect(chat.status).toHaveText('Response finished');
  await expect(chat.send).toBeVisible();
  await expect(chat.replies.getByRole('group', { name: 'Response statistics' })).toContainText('34 tokens');
  await expect(page.getByRole('img', { name: 'Responding' })).toBeHidden();
  await expect(page.getByRole('link', { name: 'A scripted title' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A scripted title');
  await expect(chat.replies.locator('strong')).toHaveText('Rayleigh scattering');
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('link')).toHaveText('A scripted title');
});

test('i02 a reload in mid-stream and a second tab show every word exactly once', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('Count');
  const ask = await llm.next();
  const words = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n} `);
  ask.text(...words(0, 100));
  await expect(chat.replies).toContainText('99');
  const second = await secondPage(page.context(), page.url());
  await page.reload();
  await expect(chat.replies).toContainText('99');
  ask.text(...words(100, 200));
  await expect(chat.replies).toContainText('199');
  ask.text(...words(200, 300));
  ask.end();
  const whole = words(0, 300).join('').trim();
  for (const each of [chat, second]) {
    await expect(each.send).toBeVisible();
    await expect(each.replies.locator('.prose')).toHaveText(whole);
  }
});

test('stop keeps what had arrived and hangs up on the provider', async ({ chat, llm }) => {
  await chat.ask('Tell a story');
  const ask = await llm.next();
  ask.text('Once upon a time');
  await expect(chat.replies).toContainText('Once upon a time');
  await chat.stop.click();
  await ask.closed;
  await expect(chat.status).toHaveText('Stopped');
  await chat.page.reload();
  await expect(chat.replies).toContainText('Once upon a time');
  await expect(chat.replies).toContainText('Stopped');
});

test('i01 an answer goes on when the tab is closed', async ({ chat, confab, llm, context }) => {
  await chat.ask('Tell a story');
  const ask = await llm.next();
  ask.text('Once ');
  await expect(chat.replies).toContainText('Once');
  const url = chat.page.url();
  await chat.page.close();
  ask.text('upon a time.');
  ask.end();
  const back = await secondPage(context, url);
  await expect(back.replies.locator('.prose')).toHaveText('Once upon a time.');
  expect(confab.log).not.toContain('sk-canary-e2e');
});

test('i03 after a crash in mid-stream the text is there, and Try again works', async ({ confab, llm, page }) => {
  await signIn(page, await confab.loginLink());
  await page.getByRole('textbox', { name: 'Message' }).fill('Tell a story');
  await page.keyboard.press('Enter');
  const ask = await llm.next();
  ask.text('Once upon a time');
  const reply = page.getByRole('article', { name: /^Reply from/ });
  await expect(reply).toContainText('Once upon a time');
  // What is on the screen is stored within a fifth of a second; another page sees only what is stored.
  await expect.poll(async () => (await page.request.get(page.url())).text()).toContain('Once upon a time');
  await confab.end('SIGKILL');
  await confab.run();
  await page.reload();
  await expect(reply).toContainText('Once upon a time');
  await expect(reply).toContainText('The server stopped');
  await reply.getByRole('button', { name: 'Try again' }).click();
  const again = await llm.next();
  again.text('A whole story.');
  again.end();
  await expect(reply.locator('.prose')).toHaveText('A whole story.');
  await expect(reply).toHaveCount(1);
});

test('a restart keeps the session and the conversations', async ({ chat, confab, llm, complaints }) => {
  await chat.ask('Remember me');
  const ask = await llm.next();
  ask.text('I will.');
  ask.end();
  await expect(chat.replies).toContainText('I will.');
  expect(await confab.end('SIGTERM')).toBe(0);
  await confab.run();
  await chat.page.reload();
  await expect(chat.replies).toContainText('I will.');
  await expect(chat.questions).toContainText('Remember me');
  // The browser itself notes what the page asked for while nobody answered.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
});

test('i11 a double click and three Enters are one message', async ({ chat, llm }) => {
  await chat.box.fill('Only once');
  await chat.send.dblclick();
  const ask = await llm.next();
  ask.text('One.');
  ask.end();
  await expect(chat.replies).toContainText('One.');
  await chat.box.fill('Thrice');
  await chat.page.evaluate(() => {
    const box = document.querySelector('#message')!;
    for (let n = 0; n < 3; n++) box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  });
  const second = await llm.next();
  second.text('Two.');
  second.end();
  await expect(chat.replies).toHaveCount(2);
  await expect(chat.questions).toHaveCount(2);
  await chat.page.reload();
  await expect(chat.questions).toHaveCount(2);
  expect(llm.unanswered).toBe(0);
});

test('a failed answer says what happened, keeps the text and can be tried with another model', async ({ chat, llm, complaints }) => {
  await chat.ask('Hello');
  const ask = await llm.next();
  ask.text('Half an ans');
  await expect(chat.replies).toContainText('Half an ans');
  ask.cut();
  await expect(chat.replies.getByRole('alert')).toContainText('incomplete');
  await expect(chat.replies).toContainText('Half an ans');
  await expect(chat.status).toHaveText('Response failed');
  await chat.replies.getByRole('button', { name: 'Continue with another model' }).click();
  await chat.page.getByRole('option', { name: /scripted-two/ }).click();
  const again = await llm.next();
  expect(again.body.model).toBe('scripted-two');
  again.text('Whole.');
  again.end();
  await expect(chat.replies.locator('.prose')).toHaveText('Whole.');
  expect(complaints).toEqual([]);
});

test('what was typed survives a reload, and a refusal', async ({ chat, confab, complaints }) => {
  await chat.box.fill('A long thought that must not be lost');
  await chat.page.reload();
  await chat.awake();
  await expect(chat.box).toHaveValue('A long thought that must not be lost');
  await confab.end('SIGKILL');
  await chat.send.click();
  await expect(chat.page.getByRole('alert')).toContainText("can't be reached");
  await expect(chat.box).toHaveValue('A long thought that must not be lost');
  await confab.run();
  await chat.send.click();
  await expect(chat.questions).toContainText('A long thought that must not be lost');
  await expect(chat.box).toHaveValue('');
  // The browser itself notes each request that found no server.
  const expected = complaints.splice(0).filter((complaint) => !complaint.includes('ERR_CONNECTION'));
  expect(expected).toEqual([]);
});

test('conversations are renamed and deleted from the sidebar', async ({ chat, llm }) => {
  const { page } = chat;
  for (const text of ['About apples', 'About pears']) {
    await page.getByRole('link', { name: 'Confab home' }).click();
    await chat.ask(text);
    const ask = await llm.next();
    ask.end();
    await expect(chat.send).toBeVisible();
    const row = page.locator('.srow').filter({ has: page.locator('[aria-current=page]') });
    await row.hover();
    await row.getByRole('button', { name: /^Options for/ }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('  ');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toContainText('Give the conversation a name.');
    await page.getByRole('dialog').getByRole('textbox').fill(text.slice(6));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(text.slice(6));
  }

  const row = page.locator('.srow').filter({ hasText: 'pears' });
  await row.hover();
  await row.getByRole('button', { name: 'Options for pears' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('link', { name: 'pears' })).toBeHidden();
  await page.reload();
  await expect(page.getByRole('link', { name: 'apples' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'pears' })).toBeHidden();
});

test('b04 after signing out nothing shows, in no tab, and not by going back', async ({ chat, llm, context }) => {
  const { page } = chat;
  await chat.ask('A secret question');
  const ask = await llm.next();
  ask.end();
  await expect(chat.send).toBeVisible();
  const url = page.url();
  const second = await secondPage(context, url);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  expect(await context.cookies()).not.toContainEqual(expect.objectContaining({ name: 'confab' }));
  await page.goBack();
  await expect(page).toHaveURL(/\/signin/);
  await expect(page.getByText('A secret question')).toBeHidden();
  await second.page.reload();
  await expect(second.page).toHaveURL(/\/signin\?callbackUrl=/);
});
