// A server, a scripted model and a page whose complaints fail the test.
import { type BrowserContext, type Locator, type Page, test as base, expect } from '@playwright/test';
import { Confab } from './confab.ts';
import { ScriptedLlm } from './scripted_llm.ts';

type Fixtures = {
  llm: ScriptedLlm;
  confab: Confab;
  /** What the browser complained about; empty at the end of a test unless it says what it expects. */
  complaints: string[];
  /** Signed in as the owner, on the first page, awake. */
  chat: Chat;
};

/** The chat page, by the names of its parts. */
export class Chat {
  constructor(readonly page: Page) {}

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  get send(): Locator {
    return this.page.getByRole('button', { name: 'Send message' });
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop generating' });
  }

  get replies(): Locator {
    return this.page.getByRole('article', { name: /^Reply from/ });
  }

  get questions(): Locator {
    return this.page.getByRole('article', { name: 'Message from you' });
  }

  /** A button of a message. */
  action(message: Locator, name: string): Locator {
    return message.getByRole('group', { name: 'Message actions' }).getByRole('button', { name });
  }

  /** Chooses from the menu of a message. */
  async more(message: Locator, item: string) {
    await message.hover();
    await this.action(message, 'More message actions').click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  get status(): Locator {
    return this.page.getByRole('status').filter({ hasText: /responding|finished|failed|Stopped/ });
  }

  async ask(text: string) {
    await this.box.fill(text);
    await this.send.click();
  }

  /** Waits until the page has woken up: before, it can be read, but only its forms and links work. */
  async awake() {
    await awake(this.page);
  }
}

export async function awake(page: Page) {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', /.*/);
}

/** Signs a page in by a link. */
export async function signIn(page: Page, link: string) {
  await page.goto(link);
  await page.getByRole('button', { name: /^Continue as/ }).click();
  await expect(page).toHaveURL(/\/$/);
  await awake(page);
}

/** Collects everything that a page complains about: script errors, policy violations, requests that fail. */
export function collectComplaints(page: Page, complaints: string[]) {
  page.on('console', (message) => {
    // That the service worker is kept out is how the tests are set up.
    if (message.text().includes('blocked by Playwright')) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
}

export const test = base.extend<Fixtures>({
  llm: async ({}, use) => {
    const llm = await ScriptedLlm.start();
    await use(llm);
    await llm.stop();
  },

  confab: async ({ llm }, use) => {
    const confab = await Confab.start({ OPENAI_PROXY_URL: llm.url, OPENAI_API_KEY: 'sk-canary-e2e' });
    await use(confab);
    await confab.remove();
  },

  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    collectComplaints(page, complaints);
    await use(complaints);
    expect(complaints).toEqual([]);
  },

  chat: async ({ confab, page, complaints }, use) => {
    void complaints;
    await signIn(page, await confab.loginLink());
    await use(new Chat(page));
  },
});

export async function secondPage(context: BrowserContext, url: string): Promise<Chat> {
  const page = await context.newPage();
  await page.goto(url);
  await awake(page);
  return new Chat(page);
}

export { expect };
