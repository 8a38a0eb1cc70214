// What a page costs in Chromium. `cargo xtask bench -- browser` starts it and makes tables of what it prints: one JSON object.
//
// Arguments: the origin, a login link, the path of a long conversation.
import { chromium } from '@playwright/test';

const [origin, link, long] = process.argv.slice(2);
const LOADS = 15;
const SPEEDS = [1, 4];
const KEYS = 60;
const STREAM_SECONDS = 8;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** Signs in once; every other context has its cookies. */
async function signIn() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: /^Continue as/ }).click();
  await page.waitForURL(`${origin}/`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function pageAt(storageState, slower) {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  return { context, page, devtools };
}

const awake = (page) => page.waitForFunction(() => document.documentElement.hasAttribute('data-hydrated'));

/** Milliseconds from the start of the navigation to the first text, and to a composer that can be used. */
async function load(page, path) {
  await page.addInitScript(() => {
    const look = () => {
      if (!document.documentElement?.hasAttribute('data-hydrated')) return requestAnimationFrame(look);
      performance.mark('awake');
    };
    look();
  });
  await page.goto(`${origin}${path}`);
  await awake(page);
  await page.waitForFunction(() => performance.getEntriesByName('awake').length > 0 && performance.getEntriesByName('first-contentful-paint').length > 0);
  return page.evaluate(() => ({
    text: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    usable: performance.getEntriesByName('awake')[0].startTime,
  }));
}

/** What the first load moves over the wire: headers and bodies as they were sent. */
async function weigh(state) {
  const { context, page, devtools } = await pageAt(state, 1);
  const kinds = new Map();
  const files = [];
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => kinds.set(requestId, { type, url: response.url }));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => files.push({ ...kinds.get(requestId), bytes: encodedDataLength }));
  await page.goto(`${origin}/`);
  await awake(page);
  await page.waitForLoadState('networkidle');
  await context.close();
  return files.map(({ type, url, bytes }) => ({ type, path: new URL(url).pathname, bytes }));
}

/** A cold load has nothing in the browser's cache, a warm one everything. */
async function loads(state) {
  const measured = [];
  for (const slower of SPEEDS) {
    for (let n = 0; n < LOADS; n += 1) {
      const { context, page } = await pageAt(state, slower);
      const cold = await load(page, '/');
      const warm = await load(page, '/');
      await context.close();
      measured.push({ slower, cache: 'cold', ...cold }, { slower, cache: 'warm', ...warm });
    }
  }
  return measured;
}

/** Milliseconds from a key press to the frame that shows it, while a reply streams into a long conversation. */
async function typing(state) {
  const { context, page } = await pageAt(state, 4);
  await load(page, long);
  await ask(page);
  await page.evaluate(() => {
    window.delays = [];
    document.addEventListener('keydown', (event) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.delays.push(performance.now() - event.timeStamp);
        port2.postMessage(0);
      });
    }, true);
  });
  for (let n = 0; n < KEYS; n += 1) {
    await page.keyboard.press('abcdefgh '[n % 9]);
    await page.waitForTimeout(60);
  }
  const delays = await page.evaluate(() => window.delays);
  await context.close();
  return delays;
}

/** Milliseconds between two frames, while a reply streams into a long conversation. */
async function frames(state) {
  const { context, page } = await pageAt(state, 1);
  await load(page, long);
  await ask(page);
  const times = await page.evaluate((seconds) => new Promise((resolve) => {
    const times = [];
    const began = performance.now();
    let before = began;
    const frame = (now) => {
      times.push(now - before);
      before = now;
      if (now - began < seconds * 1000) requestAnimationFrame(frame);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(frame);
  }), STREAM_SECONDS);
  await context.close();
  return times;
}

/** Asks for a long answer and waits for its first words. */
async function ask(page) {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Tell me story 3.');
  const before = await page.getByRole('article', { name: /^Reply from/ }).count();
  await page.getByRole('button', { name: 'Send message' }).click({ timeout: 180_000 });
  await page.getByRole('article', { name: /^Reply from/ }).nth(before).getByText('Once').waitFor();
}

const state = await signIn();
const measured = { files: await weigh(state), loads: await loads(state), typing: await typing(state), frames: await frames(state) };
process.stdout.write(`${JSON.stringify(measured)}\n`);
await browser.close();
