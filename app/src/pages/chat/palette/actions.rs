//! What can be done from the palette.

use crate::{
    browser,
    components::IconName,
    context::Theme,
    pages::chat::{account::SIGN_OUT, composer::NEW_DRAFT},
    theme,
};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Begins a chat.
    NewChat,
    /// Begins a chat with what was typed.
    NewChatAbout(String),
    /// Changes the colours.
    Theme(Theme),
    /// Begins to select conversations.
    Select,
    /// Goes to what is archived.
    Archived,
    /// Asks to be told when long answers are ready.
    Notify,
    /// Goes to a page of settings.
    Settings(&'static str, &'static str),
    /// Signs out.
    SignOut,
}

/// What can be done whatever is typed.
pub(super) fn all() -> [Action; 14] {
    let theme = Action::Theme;
    [
        Action::NewChat,
        Action::Select,
        Action::Archived,
        Action::Notify,
        Action::Settings("Open settings: Profile", "/settings/profile"),
        Action::Settings("Open settings: Sessions", "/settings/sessions"),
        Action::Settings("Open settings: Appearance", "/settings/appearance"),
        Action::Settings("Open settings: Models", "/settings/models"),
        Action::Settings("Open settings: Your data", "/settings/data"),
        Action::Settings("Keyboard shortcuts", "/settings/shortcuts"),
        theme(Theme::Light),
        theme(Theme::Dark),
        theme(Theme::System),
        Action::SignOut,
    ]
}

impl Action {
    pub(super) fn name(&self) -> String {
        let name = match self {
            Self::NewChat => "New chat",
            Self::NewChatAbout(text) => return ["New chat about “", text, "”"].concat(),
            Self::Theme(Theme::Light) => "Theme: light",
            Self::Theme(Theme::Dark) => "Theme: dark",
            Self::Theme(Theme::System) => "Theme: system",
            Self::Select => "Select conversations",
            Self::Archived => "Archived conversations",
            Self::Notify => "Notify me when long answers are ready",
            Self::Settings(name, _) => name,
            Self::SignOut => "Sign out",
        };
        name.to_owned()
    }

    pub(super) fn icon(&self) -> IconName {
        match self {
            Self::NewChat | Self::NewChatAbout(_) => IconName::SquarePen,
            Self::Theme(Theme::Light) => IconName::Sun,
            Self::Theme(Theme::Dark) => IconName::Moon,
            Self::Theme(Theme::System) => IconName::Monitor,
            Self::Select => IconName::Check,
            Self::Archived => IconName::Archive,
            Self::Notify => IconName::Clock,
            Self::Settings(..) => IconName::Wrench,
            Self::SignOut => IconName::LogOut,
        }
    }

    /// The page that it leads to, and whether that is loaded anew.
    pub(super) fn leads_to(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::NewChat => Some(("/", false)),
            // The field of a page that is open has what was typed there.
            Self::NewChatAbout(_) => Some(("/", true)),
            Self::Archived => Some(("/archive", true)),
            Self::Settings(_, address) => Some((address, true)),
            Self::Select | Self::Notify | Self::Theme(_) | Self::SignOut => None,
        }
    }

    /// The form that it sends.
    pub(super) fn form(&self) -> Option<&'static str> {
        (*self == Self::SignOut).then_some(SIGN_OUT)
    }

    /// Does what no link and no form does.
    pub(super) fn run(&self) {
        match self {
            Self::Theme(theme) => theme::choose(*theme),
            Self::NewChatAbout(text) => {
                // What is there already is not lost.
                let before = browser::stored(NEW_DRAFT).filter(|draft| !draft.trim().is_empty());
                browser::store(NEW_DRAFT, &before.map_or_else(|| text.clone(), |draft| [&draft, "\n", text].concat()));
            }
            _ => {}
        }
    }
}
