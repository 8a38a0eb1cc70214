// Providers of models: an administrator adds one, chats with it, and changes its address, all by forms without a script.
import { Confab, freePort } from '../support/confab.ts';
import { Chat, expect, signIn, test as base } from '../support/fixtures.ts';
import { check } from '../support/look.ts';
import { ScriptedLlm } from '../support/scripted_llm.ts';

const KEY = 'sk-canary-typed-in-the-browser';

const test = base.extend<{ other: ScriptedLlm }>({
  // Nothing set up but a network in which providers may be.
  confab: async ({}, use) => {
    const confab = await Confab.start({ CONFAB_PROVIDER_NETWORKS: '127.0.0.1', ENABLED_OLLAMA: '0' });
    await use(confab);
    await confab.remove();
  },
  other: async ({}, use) => {
    const other = await ScriptedLlm.start();
    await use(other);
    await other.stop();
  },
});

test.describe('as people use it', () => {
  test('f08 a provider is added, answers, and loses its key with its address', async ({ chat, confab, llm, other }) => {
    const { page } = chat;
    await page.goto(`${confab.origin}/settings/models`);
    await page.getByRole('button', { name: 'Add provider' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('My lab');
    await page.getByRole('textbox', { name: 'Address' }).fill('http://169.254.169.254/v1');
    await page.getByLabel('Key', { exact: true }).fill(KEY);
    await page.getByRole('button', { name: 'Save' }).click();
    const address = page.getByRole('textbox', { name: 'Address' });
    await expect(address).toHaveAttribute('aria-invalid', 'true');
    await expect(address).toHaveValue('http://169.254.169.254/v1');
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('My lab');
    await expect(page.getByLabel('Key', { exact: true })).toHaveValue('');

    await address.fill(llm.url);
    await page.getByLabel('Key', { exact: true }).fill(KEY);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toHaveText('My lab is saved. It offers 2 models.');
    await expect(page.getByText('Connected')).toBeVisible();
    expect(llm.keys.at(-1)).toBe(`Bearer ${KEY}`);

    await page.goto(confab.origin);
    await chat.awake();
    await chat.ask('Are you there?');
    const ask = await llm.next();
    ask.text('I am.');
    ask.end();
    await expect(chat.replies).toContainText('I am.');
    expect(llm.keys.at(-1)).toBe(`Bearer ${KEY}`);

    await page.goto(`${confab.origin}/settings/models`);
    await page.getByRole('button', { name: 'Edit My lab' }).click();
    await expect(page.getByText('A key is kept.')).toBeVisible();
    expect(await page.content()).not.toContain(KEY);
    await address.fill(other.url);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('alert')).toContainText('My lab is saved, and its key is forgotten');
    expect(other.keys).toEqual([undefined]);

    await page.getByRole('button', { name: 'Edit My lab' }).click();
    await expect(page.getByText('Some servers want none.')).toBeVisible();
    await page.getByText('Remove My lab…').click();
    await page.getByRole('button', { name: 'Remove My lab' }).click();
    await expect(page.getByRole('status')).toContainText('removed');
    await expect(page.getByRole('button', { name: 'Edit My lab' })).toBeHidden();
    expect(confab.log).not.toContain(KEY);
  });

  test('a member sees what is on offer, and no form', async ({ chat, confab, llm, page, browser }) => {
    void chat;
    await add(page, confab, llm.url);
    const context = await browser.newContext();
    const member = await context.newPage();
    await signIn(member, await confab.loginLink('--user', 'Maya'));
    await member.goto(`${confab.origin}/settings/models`);
    await expect(member.getByRole('heading', { name: /^My lab/ })).toBeVisible();
    await expect(member.getByText('Large')).toBeVisible();
    await expect(member.getByRole('button')).toHaveCount(0);
    const form = await member.goto(`${confab.origin}/settings/models/my-lab`);
    expect(form!.status()).toBe(403);
    await context.close();
  });
});

test.describe('how it looks', () => {
  // For axe; the policy is tested elsewhere.
  test.use({ bypassCSP: true });

  test('the list, the form, and what members see', async ({ chat, confab, llm, page, browser }) => {
    void chat;
    await page.goto(`${confab.origin}/settings/models`);
    await expect(page.getByRole('button', { name: 'Add provider' })).toBeVisible();
    await check(page, 'settings-models-none');
    await add(page, confab, llm.url);
    await check(page, 'settings-models-saved');
    await page.goto(`${confab.origin}/settings/models/new`);
    await check(page, 'settings-models-new');
    await page.getByRole('textbox', { name: 'Name' }).fill('Behind the house');
    await page.getByRole('textbox', { name: 'Address' }).fill('http://10.0.0.1:11434');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('textbox', { name: 'Address' })).toHaveAttribute('aria-invalid', 'true');
    await check(page, 'settings-models-refused');
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${await freePort()}/v1`);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('alert')).toContainText('does not work yet');
    await check(page, 'settings-models-down');
    await page.goto(`${confab.origin}/settings/models/my-lab`);
    await check(page, 'settings-models-edit');
    await page.getByText('Remove My lab…').click();
    await page.getByRole('button', { name: 'Remove My lab' }).scrollIntoViewIfNeeded();
    await check(page, 'settings-models-remove');
    const context = await browser.newContext({ bypassCSP: true });
    const member = await context.newPage();
    await signIn(member, await confab.loginLink('--user', 'Maya Lindqvist'));
    await member.goto(`${confab.origin}/settings/models`);
    await check(member, 'settings-models-member');
    await context.close();
  });
});

async function add(page: Chat['page'], confab: Confab, url: string) {
  await page.goto(`${confab.origin}/settings/models/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill('My lab');
  await page.getByRole('textbox', { name: 'Address' }).fill(url);
  await page.getByLabel('Key', { exact: true }).fill(KEY);
  await page.getByRole('textbox', { name: 'Models' }).fill('+scripted-one=Large<128k:vision:reasoning:fc>,+scripted-two=Small<8k>');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toBeVisible();
}
