// Without a connection: what is kept, and what comes back.
import { expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true, serviceWorkers: 'allow' });

test('a page that cannot be had says so, in the look of all pages, and comes when the server is back', async ({ chat, confab, complaints }) => {
  const { page } = chat;
  await chat.box.press('a');
  await page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    return worker.active?.state;
  });
  await confab.end('SIGTERM');
  await page.goto(`${confab.origin}/settings/profile`);
  await expect(page.getByRole('heading', { name: 'Confab can’t be reached' })).toBeVisible();
  expect(await page.evaluate(() => document.fonts.check('16px "Confab Sans"'))).toBe(true);
  await check(page, 'offline');
  await confab.run();
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  // What could not be loaded meanwhile is the point.
  complaints.splice(0);
});

test('nothing that anybody said is kept by the service worker', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('A secret question');
  const ask = await llm.next();
  ask.text('A secret answer');
  ask.end();
  await expect(chat.send).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await chat.awake();
  const kept = await page.evaluate(async () => {
    const texts = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) texts.push(request.url + (await (await cache.match(request))!.text()));
    }
    return texts.join('\n');
  });
  expect(kept).toContain('can’t be reached');
  expect(kept).not.toContain('secret');
});
