//! The pages, a file per address.

#[cfg(feature = "ssr")]
mod admin;
#[cfg(feature = "ssr")]
mod appearance;
#[cfg(feature = "ssr")]
mod archive;
mod chat;
#[cfg(feature = "ssr")]
mod data;
#[cfg(feature = "ssr")]
mod erase;
mod error;
mod face;
#[cfg(feature = "ssr")]
mod folders;
mod found;
#[cfg(feature = "ssr")]
mod loading;
#[cfg(feature = "ssr")]
mod login_link;
#[cfg(feature = "ssr")]
mod models_settings;
mod not_found;
#[cfg(feature = "ssr")]
mod offline;
#[cfg(feature = "ssr")]
mod options;
#[cfg(feature = "ssr")]
mod profile;
#[cfg(feature = "ssr")]
mod search;
#[cfg(feature = "ssr")]
mod sessions;
#[cfg(feature = "ssr")]
mod share;
#[cfg(feature = "ssr")]
mod shared;
mod shortcuts;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod sign_in_error;
mod solo;
mod title;

#[cfg(feature = "ssr")]
pub use self::{
    admin::{AccessPage, AuditPage, DeletePersonPage, ModelAccessPage, PeoplePage, UsagePage},
    appearance::AppearancePage,
    archive::ArchivePage,
    data::DataPage,
    erase::ErasePage,
    folders::FoldersPage,
    login_link::LoginLinkPage,
    models_settings::{ModelsPage, NewProviderPage, ProviderPage},
    offline::OfflinePage,
    options::OptionsPage,
    profile::ProfilePage,
    search::SearchPage,
    sessions::{SessionsPage, browser::browser_label},
    share::SharePage,
    shared::SharedPage,
    shortcuts::ShortcutsPage,
    sign_in::SignInPage,
    sign_in_error::SignInErrorPage,
};
pub use self::{
    chat::{Chat, ConversationPage, NewChat},
    error::ErrorPage,
    not_found::NotFound,
};

/// Writes text so that it can stand for one value in the query of an address (RFC 3986, sections 2.1 and 2.3).
#[cfg(any(feature = "ssr", test))]
pub(crate) fn escape(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(char::from(DIGITS[usize::from(byte >> 4)]));
            escaped.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
