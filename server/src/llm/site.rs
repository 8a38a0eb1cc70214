//! Who a provider is in sentences, and the sentence for each thing that can go wrong with it.

use super::{
    decoder::Fault,
    fail,
    failure::{NOTHING_LOST, TEXT_KEPT, in_words, quote},
    settings::Origin,
    told::{Meaning, Told},
};
use crate::secret::Secret;
use chat::{Failure, FailureKind};
use std::{error::Error, time::Duration};
use url::Url;

/// Who a provider is in sentences.
#[derive(Debug)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Who has set it.
    pub origin: Origin,
    /// The keys, which no sentence may have in it.
    pub keys: Vec<Secret>,
}

/// Host and port of an address; never its user name, password, path or query.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

impl Site {
    /// The failure for an answer that is no success.
    pub fn refused(&self, status: u16, retry_after: Option<u64>, told: &Told, model: &str) -> Failure {
        let (name, address) = (&self.name, self.origin.address());
        let elsewhere = || {
            let text =
                format!("{name} sends callers elsewhere ({status}). It may be behind a login page: check {address}.");
            fail(FailureKind::Protocol, text)
        };
        match (status, told.meaning()) {
            (300..=399, _) => elsewhere(),
            (401 | 403, _) => self.bad_key(),
            (402, _) => self.no_credit(),
            (429, Meaning::NoCredit) => self.no_credit(),
            (429, _) => self.rate_limited(retry_after),
            (413, _) => self.too_long(told),
            (404, _) => self.no_such_model(model),
            (_, Meaning::Other | Meaning::Overloaded) => self.own_error(&format!(" ({status})"), told, NOTHING_LOST),
            (_, meaning) => self.meant(meaning, told, model, NOTHING_LOST),
        }
    }

    /// The failure for a stream that was not what it should be.
    pub fn broken(&self, fault: &Fault, model: &str, had_text: bool) -> Failure {
        let name = &self.name;
        let kept = if had_text { TEXT_KEPT } else { NOTHING_LOST };
        let protocol = |text: String| fail(FailureKind::Protocol, format!("{text} {kept}"));
        match fault {
            Fault::Reported(told) => self.meant(told.meaning(), told, model, kept),
            Fault::Garbled => protocol(format!("{name} sent something that can't be read as an answer.")),
            Fault::TooLong => protocol(format!("{name} sent a piece that is far too large for an answer.")),
            Fault::Endless => protocol(format!("{name} did not stop: the answer was broken off at its limit.")),
            Fault::Nothing => {
                let text = format!(
                    "{name} answered 200 but sent no reply; it may be behind a login page or the conversation is \
                     too long for it. Your message is kept."
                );
                fail(FailureKind::Protocol, text)
            }
            Fault::Cut if had_text => {
                fail(FailureKind::Incomplete, format!("The answer from {name} broke off. {TEXT_KEPT}"))
            }
            Fault::Cut => {
                let text = format!("{name} broke off before the first word. {NOTHING_LOST}");
                fail(FailureKind::Incomplete, text)
            }
        }
    }

    /// The failure for a connection that did not come about, or broke before the answer began.
    pub fn unreachable(&self, error: reqwest::Error, host: &str) -> Failure {
        let error = error.without_url();
        tracing::debug!(provider = self.name, host, error = &error as &dyn Error, "no answer");
        let (name, address) = (&self.name, self.origin.address());
        let text = if let Some(fault) = certificate_fault(&error) {
            tracing::warn!(provider = self.name, host, fault, "the certificate can't be trusted");
            format!(
                "The certificate of {host} can't be trusted, so {name} was not asked. Check {address}; a private \
                 authority is set in CONFAB_MODEL_CA_FILE."
            )
        } else if error.is_timeout() {
            format!("{name} did not accept a connection in time at {host}. {NOTHING_LOST}")
        } else if error.is_connect() {
            format!("{name} could not be reached at {host}. Check that it runs, or {address}. Your message is kept.")
        } else if is_unreadable(&error) {
            let text = format!("{host} does not speak HTTP as {name} should. Check {address}.");
            return fail(FailureKind::Protocol, text);
        } else {
            format!("The connection to {host} broke before {name} answered. {NOTHING_LOST}")
        };
        fail(FailureKind::Unreachable, text)
    }

    /// The failure for silence.
    pub fn silent(&self, waited: Duration, had_text: bool) -> Failure {
        let kept = if had_text { TEXT_KEPT } else { NOTHING_LOST };
        let text = format!("{} was silent for {}. {kept}", self.name, in_words(waited.as_secs()));
        fail(FailureKind::TimedOut, text)
    }

    /// The failure for an answer that takes too long as a whole.
    pub fn too_slow(&self, limit: Duration) -> Failure {
        let text = format!("{} was not done after {}. {TEXT_KEPT}", self.name, in_words(limit.as_secs()));
        fail(FailureKind::TimedOut, text)
    }

    fn meant(&self, meaning: Meaning, told: &Told, model: &str, kept: &str) -> Failure {
        match meaning {
            Meaning::TooLong => self.too_long(told),
            Meaning::NoCredit => self.no_credit(),
            Meaning::RateLimited => self.rate_limited(None),
            Meaning::BadKey => self.bad_key(),
            Meaning::NoSuchModel => self.no_such_model(model),
            Meaning::Other | Meaning::Overloaded => self.own_error("", told, kept),
        }
    }

    fn bad_key(&self) -> Failure {
        let (name, key) = (&self.name, self.origin.key());
        let text = match self.keys.is_empty() {
            false => format!("{name} refused the key. Check {key}."),
            true => format!("{name} wants a key. Set {key}."),
        };
        fail(FailureKind::Unauthorized, text)
    }

    fn no_credit(&self) -> Failure {
        let name = &self.name;
        let text = format!("{name} says that the account of this key has no credit left. Your message is kept.");
        fail(FailureKind::RateLimited, text)
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Failure {
        let when = retry_after.map_or_else(|| "a moment".to_owned(), in_words);
        let text = format!("{} takes no more requests for now. Your message is kept; try again in {when}.", self.name);
        fail(FailureKind::RateLimited, text)
    }

    fn no_such_model(&self, model: &str) -> Failure {
        let (name, list, address) = (&self.name, self.origin.list(), self.origin.address());
        let model = quote(model, &[]);
        let text =
            format!("{name} has no model {model} at this address. Choose another one, or check {list} and {address}.");
        fail(FailureKind::NoSuchModel, text)
    }

    fn too_long(&self, told: &Told) -> Failure {
        let text = format!(
            "The conversation is too long for this model.{} Start a new one, or choose a model with more room.",
            self.said(told)
        );
        fail(FailureKind::TooLong, text)
    }

    fn own_error(&self, status: &str, told: &Told, kept: &str) -> Failure {
        let text = format!("{} reported an error{status}.{} {kept}", self.name, self.said(told));
        fail(FailureKind::Provider, text)
    }

    fn said(&self, told: &Told) -> String {
        let text = if told.text.is_empty() { &told.code } else { &told.text };
        let text = quote(text, &self.keys);
        if text.is_empty() { text } else { format!(" It says: “{text}”.") }
    }
}

/// Whether a connection that failed may come about the next time.
pub fn may_pass(error: &reqwest::Error) -> bool {
    !is_unreadable(error) && certificate_fault(error).is_none()
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}

/// Whether what came back was no HTTP, or had a head beyond all measure.
fn is_unreadable(error: &reqwest::Error) -> bool {
    causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()).is_some_and(hyper::Error::is_parse)
}

/// What is wrong with a certificate, in the words of the TLS library, whose type is not at hand here.
fn certificate_fault(error: &reqwest::Error) -> Option<String> {
    causes(error).map(ToString::to_string).find(|text| text.starts_with("invalid peer certificate"))
}
