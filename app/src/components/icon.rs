//! Icons: one cached sprite, one `<use>` per icon.

use leptos::prelude::*;

/// The sprite that an icon is in: what no page needs that wakes up is not in the first load.
macro_rules! sprite {
    () => {
        "/icons.svg#"
    };
    ($when:meta) => {
        "/icons-plain.svg#"
    };
}

macro_rules! icons {
    ($($(#[$when:meta])? $variant:ident $id:literal)*) => {
        /// An icon of the sprites `public/icons.svg` and `public/icons-plain.svg` (Lucide, ISC licence).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is named after its Lucide icon")]
        pub enum IconName { $($(#[$when])? $variant,)* }

        impl IconName {
            /// Every icon that a page may name.
            pub const ALL: &[Self] = &[$($(#[$when])? Self::$variant,)*];

            /// Where the icon is found, as `<use href>` wants it.
            pub const fn href(self) -> &'static str {
                match self { $($(#[$when])? Self::$variant => concat!(sprite!($($when)?), $id),)* }
            }
        }
    };
}

// Icons of pages that only the server renders take no room in the page's code.
icons! {
    Archive "archive"
    ArrowDown "arrow-down"
    #[cfg(feature = "ssr")] ArrowLeft "arrow-left"
    ArrowRight "arrow-right"
    ArrowUp "arrow-up"
    Brain "brain"
    Check "check"
    ChevronDown "chevron-down"
    ChevronLeft "chevron-left"
    ChevronRight "chevron-right"
    ChevronUp "chevron-up"
    CircleAlert "circle-alert"
    Clock "clock"
    Copy "copy"
    Cpu "cpu"
    #[cfg(feature = "ssr")] Download "download"
    Ellipsis "ellipsis"
    #[cfg(feature = "ssr")] ExternalLink "external-link"
    Eye "eye"
    FileText "file-text"
    Folder "folder"
    #[cfg(feature = "ssr")] Gauge "gauge"
    Globe "globe"
    Info "info"
    #[cfg(feature = "ssr")] Keyboard "keyboard"
    #[cfg(feature = "ssr")] Laptop "laptop"
    LoaderCircle "loader-circle"
    Lock "lock"
    LogOut "log-out"
    Menu "menu"
    MessageSquare "message-square"
    Monitor "monitor"
    Moon "moon"
    PanelLeft "panel-left"
    Paperclip "paperclip"
    #[cfg(feature = "ssr")] Palette "palette"
    Pencil "pencil"
    Pin "pin"
    #[cfg(feature = "ssr")] Plug "plug"
    Plus "plus"
    RefreshCw "refresh-cw"
    #[cfg(feature = "ssr")] ScrollText "scroll-text"
    Search "search"
    Share "share"
    Shield "shield"
    #[cfg(feature = "ssr")] Smartphone "smartphone"
    Sparkles "sparkles"
    SquarePen "square-pen"
    Sun "sun"
    Trash "trash-2"
    TriangleAlert "triangle-alert"
    #[cfg(feature = "ssr")] Upload "upload"
    #[cfg(feature = "ssr")] User "user"
    #[cfg(feature = "ssr")] Users "users"
    WifiOff "wifi-off"
    WrapText "wrap-text"
    Wrench "wrench"
    X "x"
}

/// How large an icon is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 18 px, in menus and icon buttons.
    #[default]
    Medium,
    /// 16 px, in small buttons.
    Small,
    /// 14 px, beside meta text.
    ExtraSmall,
}

impl IconSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Medium => "i",
            Self::Small => "i i-s",
            Self::ExtraSmall => "i i-xs",
        }
    }
}

/// Draws an icon. It says nothing to assistive technology: the words stand beside it or on its button.
#[component]
pub fn Icon(name: IconName, #[prop(optional)] size: IconSize) -> impl IntoView {
    view! {
        <svg class=size.class() aria-hidden="true">
            <use href=name.href()></use>
        </svg>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
