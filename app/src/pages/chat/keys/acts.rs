//! What the keys of a conversation do: mostly what a button does that is there already.

use crate::browser;

/// Does what a key means.
pub(super) fn act(key: &str) {
    match key {
        "r" | "R" => browser::press_last(".msg [aria-label='Regenerate response']"),
        "c" | "C" => browser::press_last(".msg:not(.msg-user) [aria-label='Copy message']"),
        ";" | ":" => browser::press_last("[data-copy-code]"),
        "/" => browser::press_last(".composer .pick"),
        "ArrowUp" => step(-1),
        "ArrowDown" => step(1),
        _ => {}
    }
}

/// Gives the focus to the message before or after the one that has it; from elsewhere to the last one.
fn step(by: isize) {
    let messages = browser::elements(".log > .msg");
    let at = messages.iter().position(|message| message.matches(":focus, :focus-within").unwrap_or(false));
    let last = messages.len().saturating_sub(1);
    let next = at.map_or(last, |at| at.saturating_add_signed(by).min(last));
    if let Some(message) = messages.get(next) {
        browser::focus_on(message);
    }
}
