//! The authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE, from the button to an identity.

use super::{
    Oidc, Provider,
    attempt::Attempt,
    claims::Claims,
    discovery::Metadata,
    fault::Fault,
    fetch::{self, FetchError},
    token::{self, Verified},
};
use app::context::local_path;
use axum::http::{HeaderMap, HeaderValue};
use chat::{Role, user::Identity};
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A sign-in that has begun.
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// The cookie that it needs to come back, and those that forget what is too old.
    pub cookies: Vec<HeaderValue>,
}

/// What the provider sends the browser back with (OpenID Connect Core 1.0, sections 3.1.2.5 and 3.1.2.6).
#[derive(Debug, Default, Deserialize)]
pub struct Answer {
    /// The code.
    pub code: Option<String>,
    /// Which attempt it is for.
    pub state: Option<String>,
    /// Which provider says so (RFC 9207).
    pub iss: Option<String>,
    /// What went wrong there.
    pub error: Option<String>,
    /// The same in words.
    pub error_description: Option<String>,
}

/// A sign-in that is finished: the provider vouches for somebody who may enter.
pub struct Entered {
    /// Who.
    pub identity: Identity,
    /// What they may do.
    pub role: Role,
    /// The session at the provider.
    pub sid: Option<String>,
    /// What signing out and asking again need.
    pub tokens: Tokens,
    /// Where to go.
    pub back: String,
}

/// A provider's tokens that are kept, sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    /// Tells the provider whose session ends (RP-Initiated Logout 1.0).
    pub id_token: String,
    /// Asks again.
    pub refresh_token: Option<String>,
}

impl Oidc {
    /// Begins a sign-in. `again` makes the provider ask even who is signed in there.
    pub async fn begin(&self, provider: &str, back: &str, again: bool, headers: &HeaderMap) -> Result<Begun, Fault> {
        let provider = self.provider(provider)?;
        let metadata = provider.discovery.metadata().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let attempt = Attempt {
            provider: provider.settings.id.clone(),
            issuer: metadata.issuer.clone(),
            state: CsrfToken::new_random().into_secret(),
            nonce: Nonce::new_random().secret().clone(),
            verifier: verifier.into_secret(),
            back: local_path(back).to_owned(),
            began_at: self.0.clock.now(),
        };
        let mut address = metadata.authorization_endpoint.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.settings.client_id)
            .append_pair("redirect_uri", &self.callback(provider))
            .append_pair("scope", &provider.settings.scopes)
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(again.then_some(("prompt", "login")));
        let mut cookies = self.0.cookies.forget_oldest(headers);
        cookies.push(self.0.cookies.keep(&attempt).ok_or(Fault::Unsealed)?);
        Ok(Begun { address: address.into(), cookies })
    }

    /// Finishes the sign-in that the browser began, if it began one.
    pub async fn finish(&self, provider: &str, answer: Answer, headers: &HeaderMap) -> Result<Entered, Fault> {
        let provider = self.provider(provider)?;
        let state = answer.state.as_deref().filter(|state| !state.is_empty()).ok_or(Fault::NoAttempt)?;
        let attempt = self.0.cookies.find(headers, state, self.0.clock.now()).ok_or(Fault::NoAttempt)?;
        if attempt.provider != provider.settings.id {
            return Err(Fault::NoAttempt);
        }
        let metadata = provider.discovery.metadata().await?;
        if metadata.issuer != attempt.issuer || !is_from(&answer, &metadata) {
            return Err(Fault::OtherIssuer { expected: metadata.issuer.clone() });
        }
        if let Some(error) = answer.error {
            return Err(Fault::refused(&error, answer.error_description.as_deref()));
        }
        let code = answer.code.filter(|code| !code.is_empty()).ok_or(Fault::NoCode)?;
        if !self.0.cookies.use_up(&attempt, self.0.clock.now()) {
            return Err(Fault::NoAttempt);
        }
        let answer = self.exchange(provider, &metadata, &code, &attempt.verifier).await?;
        let (now, access_token) = (self.0.clock.now(), answer.access_token.as_deref());
        let id_token = answer.id_token.ok_or(Fault::NoIdToken)?;
        let verified = token::verify(provider, &metadata, &id_token, access_token, Some(&attempt.nonce), now).await?;
        let claims = self.claims(provider, &metadata, &verified, access_token).await;
        let identity = identity(&metadata, verified.subject, claims);
        let denied = |_| Fault::Denied {
            identity: Box::new(identity.clone()),
            allowed: [self.0.access.groups.clone(), self.0.access.admin_groups.clone()].concat(),
        };
        let role = self.0.access.role(&identity).map_err(denied)?;
        let tokens = Tokens { id_token, refresh_token: answer.refresh_token };
        Ok(Entered { identity, role, sid: verified.sid, tokens, back: attempt.back })
    }

    async fn exchange(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        code: &str,
        verifier: &str,
    ) -> Result<TokenAnswer, Fault> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.callback(provider)),
            ("code_verifier", verifier),
        ];
        self.tokens(provider, metadata, &form).await
    }

    /// Tries a code that nobody gave out.
    pub(super) async fn try_code(&self, provider: &Provider, metadata: &Metadata) -> Result<fetch::Answer, FetchError> {
        let callback = self.callback(provider);
        let form = [("grant_type", "authorization_code"), ("code", "confab-check"), ("redirect_uri", &callback)];
        self.post(provider, metadata, &form).await
    }

    /// Asks the token endpoint (RFC 6749, section 3.2).
    pub(super) async fn tokens(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        form: &[(&str, &str)],
    ) -> Result<TokenAnswer, Fault> {
        let answer = self.post(provider, metadata, form).await?;
        if answer.status != 200 {
            let error = answer.body.get("error").and_then(Value::as_str).unwrap_or_default();
            return Err(Fault::token_endpoint(answer.status, error));
        }
        serde_json::from_value(answer.body).map(TokenAnswer::understood).map_err(|_| Fault::NoIdToken)
    }

    async fn post(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        form: &[(&str, &str)],
    ) -> Result<fetch::Answer, FetchError> {
        // Not by the header: Authentik does not decode it, so that secrets with special characters fail.
        let client = [
            ("client_id", provider.settings.client_id.as_str()),
            ("client_secret", provider.settings.client_secret.expose()),
        ];
        provider.discovery.fetcher.post(&metadata.token_endpoint, &[form, &client].concat()).await
    }

    /// What the provider says about the person. What the ID token lacks is asked for; who signs in is not kept out when
    /// that fails.
    async fn claims(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        verified: &Verified,
        access_token: Option<&str>,
    ) -> Claims {
        let claims = Claims::read(&verified.payload);
        if !claims.are_incomplete() {
            return claims;
        }
        match self.userinfo(provider, metadata, &verified.subject, access_token).await {
            Ok(more) => claims.or(more.unwrap_or_default()),
            Err(error) => {
                tracing::warn!(provider = provider.settings.id, %error, "userinfo can't be used");
                claims
            }
        }
    }

    /// What the userinfo endpoint says about this person; none when there is no such endpoint, or when it speaks of
    /// somebody else (OpenID Connect Core 1.0, section 5.3.2).
    pub(super) async fn userinfo(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        subject: &str,
        access_token: Option<&str>,
    ) -> Result<Option<Claims>, FetchError> {
        let plain = |token: &&str| token.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        let (Some(url), Some(token)) = (&metadata.userinfo_endpoint, access_token.filter(plain)) else {
            return Ok(None);
        };
        let told = provider.discovery.fetcher.get_with(url, token).await?;
        if told.get("sub").and_then(Value::as_str) == Some(subject) {
            return Ok(Some(Claims::read(&told)));
        }
        tracing::warn!(provider = provider.settings.id, "userinfo told of somebody else and is not used");
        Ok(None)
    }
}

/// The token endpoint's answer (OpenID Connect Core 1.0, sections 3.1.3.3 and 12.2).
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub id_token: Option<String>,
    pub access_token: Option<String>,
    pub refresh_token: Option<String>,
    token_type: Option<Value>,
}

impl TokenAnswer {
    /// The same without an access token that is used in another way than ours (RFC 6749, section 7.1).
    fn understood(mut self) -> Self {
        let is_bearer = |kind: &Value| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        self.access_token = self.access_token.filter(|_| self.token_type.as_ref().is_none_or(is_bearer));
        self
    }
}

/// Whether the answer comes from the provider it was asked of (RFC 9207, section 2.4).
fn is_from(answer: &Answer, metadata: &Metadata) -> bool {
    match &answer.iss {
        Some(issuer) => *issuer == metadata.issuer,
        None => !metadata.names_itself,
    }
}

/// The person that a provider speaks of.
pub(super) fn identity(metadata: &Metadata, subject: String, claims: Claims) -> Identity {
    let Claims { name, email, email_verified, groups, picture } = claims;
    // Somebody without a name is shown by what else is known.
    let name = name.or_else(|| email.clone()).unwrap_or_else(|| subject.chars().take(20).collect());
    Identity {
        issuer: metadata.issuer.clone(),
        subject,
        name,
        email,
        email_verified,
        groups: groups.unwrap_or_default(),
        picture,
    }
}
