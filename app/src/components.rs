//! The small parts every page is made of: props in, view out.
//!
//! A part knows nothing of routes, server functions or stored data. It renders complete HTML on the server; what only a
//! browser can do (focus, keys, the clipboard) happens in event handlers and effects, which the server never runs.
//! Styles live in `style/`, one partial per file here.

mod avatar;
mod button;
mod callout;
mod copy_button;
mod dialog;
mod each;
mod empty_state;
mod icon;
mod icon_button;
mod keys;
mod live_status;
mod mark;
mod menu;
mod spinner;
mod text_field;
mod toast;

pub use avatar::{Avatar, AvatarSize, initials};
pub use button::{Button, ButtonLink, ButtonSize, ButtonVariant};
pub use callout::{Callout, Tone};
pub use copy_button::{CopyButton, copy_text};
pub use dialog::Dialog;
pub use each::each;
pub use empty_state::EmptyState;
pub use icon::{Icon, IconName, IconSize};
pub use icon_button::{IconButton, IconLink};
pub use keys::Keys;
pub use live_status::LiveStatus;
pub use mark::{Brand, Mark};
pub use menu::{Menu, MenuItem, MenuPlace};
pub use spinner::Spinner;
pub use text_field::TextField;
pub use toast::{Toast, ToastAction, ToastRegion};
