// The model that is built in: a real one, so no test expects what it says, only that it says something.
import { existsSync } from 'node:fs';
import { Confab } from '../support/confab.ts';
import { Chat, expect, signIn, test } from '../support/fixtures.ts';

const model = process.env.CONFAB_LOCAL_MODEL ?? '';

test('the built-in model loads, answers, is named as a demo, and stops when told', async ({ page }) => {
  test.setTimeout(180_000);
  expect(existsSync(model), 'CONFAB_LOCAL_MODEL names the model file; `cargo xtask model` fetches it').toBe(true);
  const confab = await Confab.start({ CONFAB_LOCAL_MODEL: model });
  try {
    await signIn(page, await confab.loginLink());
    const chat = new Chat(page);
    await expect(page.getByRole('button', { name: /^Model: SmolLM2 135M/ })).toBeVisible();
    await chat.ask('What is the capital of France?');
    await expect(chat.replies.getByText(/Loading the model/)).toBeVisible();
    await expect(chat.replies.locator('.prose')).toContainText(/\w+/, { timeout: 120_000 });
    await expect(chat.send).toBeVisible({ timeout: 120_000 });
    await expect(chat.replies).toContainText('demo model');

    await chat.ask(`Tell a very long story about the sea. ${'It should mention every fish. '.repeat(40)}`);
    await expect(chat.stop).toBeVisible();
    await chat.stop.click();
    await expect(chat.status).toHaveText('Stopped');
    await expect(chat.send).toBeVisible();
  } finally {
    await confab.remove();
  }
});
