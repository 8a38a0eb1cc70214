// What signing in looks like, above all when it fails.
import type { Page } from '@playwright/test';
import { check } from '../support/look.ts';
import type { OpenIdProvider } from '../support/openid_provider.ts';
import { MEMBER, OUTSIDER } from '../support/personas.ts';
import { answer, enter, expect, serve, test, way } from '../support/signing_in.ts';

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

const title = (page: Page) => page.getByRole('heading', { level: 1 });

test('a37 the sign-in page, and the page of sessions with the picture', async ({ confab, page, elsewhere }) => {
  await page.goto(confab.origin);
  await expect(way(page)).toBeVisible();
  await check(page, 'sign-in-provider');
  await page.goto(`${confab.origin}/signin?signedOut=1`);
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await check(page, 'sign-in-signed-out');
  await enter(await elsewhere(), confab, MEMBER);
  await enter(page, confab, MEMBER);
  await page.goto(`${confab.origin}/settings/sessions`);
  await expect(page.getByRole('button', { name: /^Revoke session/ })).toBeVisible();
  // It is fetched in the background.
  await expect(async () => {
    await page.reload();
    const width = await page.locator('img.avatar').evaluate((image: HTMLImageElement) => image.naturalWidth, null, { timeout: 1_000 });
    expect(width).toBeGreaterThan(0);
  }).toPass();
  await check(page, 'settings-sessions');
});

test('a09 cancelled, and over', async ({ confab, page }) => {
  await page.goto(confab.origin);
  await way(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(title(page)).toHaveText('The sign-in was cancelled');
  await check(page, 'sign-in-cancelled');
  await page.goto(`${confab.origin}/api/auth/callback/authentik?code=x&state=y`);
  await expect(title(page)).toHaveText('This sign-in is over');
  await check(page, 'sign-in-over');
});

test('a29 the provider does not answer', async ({ confab, provider, page }) => {
  await provider.stop();
  await page.goto(confab.origin);
  await way(page).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await check(page, 'sign-in-unreachable');
  await page.goto(`${confab.origin}/api/auth/signin/authentik`);
  await expect(title(page)).toContainText('reached');
  await check(page, 'sign-in-unreachable-bookmark');
});

test.describe('only some may enter', () => {
  test.use({ settings: { AUTH_ALLOWED_GROUPS: 'chat' } });

  test('an account that may not', async ({ confab, page }) => {
    await page.goto(confab.origin);
    await way(page).click();
    await answer(page, OUTSIDER);
    await expect(page.getByRole('link', { name: 'Use another account' })).toBeVisible();
    await check(page, 'sign-in-denied');
  });
});

test.describe('another secret than the provider knows', () => {
  test.use({ settings: { AUTH_AUTHENTIK_SECRET: 'the-secret-of-some-other-application' } });

  test('l06 the page names the setting', async ({ confab, page }) => {
    await page.goto(confab.origin);
    await way(page).click();
    await answer(page, MEMBER);
    await expect(page.getByText('AUTH_AUTHENTIK_SECRET').first()).toBeVisible();
    await check(page, 'sign-in-wrong-secret');
  });
});

/** Issuers that an administrator may have written, and what the page is called. */
const WRONG = [
  { name: 'of an application that the provider does not have', shown: 'wrong-issuer', host: 'localhost', slug: 'caht' },
  { name: 'under another name than the provider gives itself', shown: 'other-issuer', host: '127.0.0.1', slug: 'chat' },
];

for (const { name, shown, host, slug } of WRONG) {
  test(`l04 the issuer ${name}: the page names the setting`, async ({ llm, port, provider, page }) => {
    const issuer = new URL(`/application/o/${slug}/`, provider.origin);
    issuer.hostname = host;
    const confab = await serve({ llm, port, provider }, { AUTH_AUTHENTIK_ISSUER: issuer.href });
    try {
      await page.goto(`${confab.origin}/api/auth/signin/authentik`);
      await expect(title(page)).toHaveText('Authentik’s address is not right');
      await expect(page.getByText('AUTH_AUTHENTIK_ISSUER').first()).toBeVisible();
      await check(page, `sign-in-${shown}`);
    } finally {
      await confab.remove();
    }
  });
}

/** What may be wrong with an ID token, and what the page is called. */
const BROKEN: { shown: string; called: string; change: (provider: OpenIdProvider, token: string) => string }[] = [
  { shown: 'encrypted', called: 'Authentik encrypts its tokens', change: (_, token) => `${token}.five.parts` },
  {
    shown: 'clock',
    called: 'Two clocks do not agree',
    change: (provider, token) => provider.resigned(token, { iat: 1_700_000_000, exp: 1_700_000_300 }),
  },
  {
    shown: 'unbelievable',
    called: 'Authentik’s answer can’t be believed',
    change: (provider, token) => provider.resigned(token, { nonce: 'of another sign-in' }),
  },
];

for (const { shown, called, change } of BROKEN) {
  test(`l13 a token that can not be used: ${shown}`, async ({ confab, provider, page }) => {
    provider.alterIdToken = (token) => change(provider, token);
    await page.goto(confab.origin);
    await way(page).click();
    await answer(page, MEMBER);
    await expect(title(page)).toHaveText(called);
    await check(page, `sign-in-${shown}`);
  });
}
