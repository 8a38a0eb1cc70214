// Nothing moves by itself, and whoever listens hears whole sentences.
import { expect, test } from '../support/fixtures.ts';

test('nothing moves when a page wakes up', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('Tell me about the lighthouse.');
  const ask = await llm.next();
  ask.reasoning('Which one?');
  ask.text('# The lighthouse\n\nIt **stands** there.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {}\n```');
  ask.end();
  await expect(chat.send).toBeVisible();
  const conversation = page.url();
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
        shifts.push(`${entry.value} ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(viewport);
    for (const address of [conversation, new URL('/', conversation).href]) {
      await page.goto(address);
      await chat.awake();
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts), `${address} at ${viewport.width}`).toEqual([]);
    }
  }
});

test('an answer is said sentence by sentence', async ({ chat, llm }) => {
  const { page } = chat;
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    for (const region of document.querySelectorAll('[role=status].sr')) {
      new MutationObserver(() => said.push(region.textContent!.trim())).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await chat.ask('What is a WAL?');
  const ask = await llm.next();
  ask.text('A **log** of changes. It is');
  await expect.poll(said).toContain('A log of changes.');
  ask.text(' written first.\n\n```sql\nPRAGMA wal_checkpoint;\n```\n\nThat is');
  await expect.poll(said).toContain('It is written first.');
  ask.text(' all');
  ask.end();
  await expect.poll(said).toContain('Response finished');
  const words = await said();
  expect(words.filter((text) => !/responding|Response/.test(text) && text)).toEqual(['A log of changes.', 'It is written first.', 'That is all']);
});
