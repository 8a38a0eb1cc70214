// A connection that breaks while an answer is being written.
import { expect, test } from '../support/fixtures.ts';

test('i15 what came while the browser was offline is there when it is back, once', async ({ chat, llm, context, complaints }) => {
  await chat.ask('Count');
  const ask = await llm.next();
  ask.text('one ');
  const answer = chat.replies.locator('.prose');
  await expect(answer).toHaveText('one');

  await context.setOffline(true);
  // The browser notices at the next piece that the connection is gone.
  ask.text('two ');
  await expect(chat.page.getByText('Connection lost.')).toBeVisible();
  ask.text('three ');
  await context.setOffline(false);
  await expect(answer).toHaveText('one two three');
  ask.text('four');
  ask.end();
  await expect(answer).toHaveText('one two three four');
  await expect(chat.send).toBeVisible();

  // The browser itself notes each request that found no network.
  expect(complaints.splice(0).filter((complaint) => !complaint.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});
