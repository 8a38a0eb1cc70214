// A server that signs people in through a provider, and the steps that they take.
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { Confab, freePort } from './confab.ts';
import { awake, test as base, expect } from './fixtures.ts';
import { OpenIdProvider } from './openid_provider.ts';
import type { Persona } from './personas.ts';
import type { ScriptedLlm } from './scripted_llm.ts';

type Bed = { llm: ScriptedLlm; port: number; provider: OpenIdProvider };

type Fixtures = {
  /** What is set beside what the provider needs. */
  settings: Record<string, string>;
  /** Server and provider have to know each other's address before either is there. */
  port: number;
  provider: OpenIdProvider;
  /** Opens a page in a browser of its own. */
  elsewhere: () => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  port: async ({}, use) => use(await freePort()),

  provider: async ({ port }, use) => {
    const provider = await OpenIdProvider.start(`http://127.0.0.1:${port}`);
    await use(provider);
    await provider.stop();
  },

  confab: async ({ llm, port, provider, settings }, use) => {
    const confab = await serve({ llm, port, provider }, settings);
    await use(confab);
    await confab.remove();
    expect(confab.log).not.toContain(provider.clientSecret);
  },

  elsewhere: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/** Starts a server that knows the provider, for tests that want to choose the moment. */
export function serve({ llm, port, provider }: Bed, settings: Record<string, string> = {}): Promise<Confab> {
  const own = {
    AUTH_SECRET: 'a-secret-for-tests-of-forty-characters-12',
    OPENAI_PROXY_URL: llm.url,
    OPENAI_API_KEY: 'sk-canary-e2e',
  };
  return Confab.start({ ...own, ...provider.variables, ...settings }, port);
}

/** The button of the sign-in page. */
export function way(page: Page): Locator {
  return page.getByRole('button', { name: 'Continue with Authentik' });
}

/** The provider asks who it is. */
export function question(page: Page): Locator {
  return page.getByRole('heading', { name: 'Welcome to authentik!' });
}

/** Answers it. */
export async function answer(page: Page, persona: Persona) {
  await page.getByRole('button', { name: `Sign in as ${persona.name}` }).click();
}

/** The whole way, from the first page to itself. */
export async function enter(page: Page, confab: Confab, persona: Persona) {
  await page.goto(confab.origin);
  await way(page).click();
  await answer(page, persona);
  await expect(page).toHaveURL(`${confab.origin}/`);
  await awake(page);
}

export function account(page: Page): Locator {
  return page.getByRole('button', { name: /^Account/ });
}

export async function signOut(page: Page) {
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

/** The browser itself notes each page that came with such a status. */
export function forgive(complaints: string[], ...statuses: number[]) {
  const expected = (complaint: string) => statuses.some((status) => complaint.includes(`status of ${status}`));
  expect(complaints.splice(0).filter((complaint) => !expected(complaint))).toEqual([]);
}

type Who = { id: string; name: string; email: string | null };

/** Who is signed in, as the server sees it. */
export async function who(page: Page, confab: Confab): Promise<Who | null> {
  const session = (await (await page.request.get(`${confab.origin}/api/auth/session`)).json()) as { user: Who } | null;
  return session && session.user;
}

export { expect };
