//! All that an administrator wants to know: to copy, and where that can't be done, to read.

use crate::components::{Button, ButtonVariant, IconName};
use leptos::{nonce::use_nonce, prelude::*};

/// Puts the button, which needs scripts, in the place of the details, and makes it copy them. Browsers give the clipboard
/// to pages loaded over HTTPS or from the same machine only; elsewhere the details come back, selected, and the older way
/// is tried.
const SCRIPT: &str = "\
const at=id=>document.getElementById(id),details=at('details'),text=at('details-text');\
const select=()=>{details.hidden=false;details.open=true;getSelection().selectAllChildren(text);\
if(!document.execCommand('copy'))throw 0};\
const copy=async()=>{try{await navigator.clipboard.writeText(text.textContent)}catch{select()}};\
at('copy').onclick=()=>copy().then(()=>'Copied',()=>'The details are selected: copy them')\
.then(words=>at('copied').textContent=words);\
details.hidden=true;at('copy').hidden=false;";

/// The details, closed, and the button that copies them. They stand on a page once.
#[component]
pub(super) fn Details(details: String) -> impl IntoView {
    view! {
        <div class="details">
            <Button variant=ButtonVariant::Quiet icon=IconName::Copy attr:id="copy" attr:hidden=true>
                "Copy details for your administrator"
            </Button>
            <p id="copied" role="status"></p>
            <details id="details">
                <summary>"Details for your administrator"</summary>
                <pre id="details-text">{details}</pre>
            </details>
        </div>
        <script type="module" nonce=use_nonce()>{SCRIPT}</script>
    }
    .into_any()
}
