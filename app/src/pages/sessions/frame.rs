//! The frame of the pages of settings. It needs no scripts, so on narrow screens there is a link in place of the sidebar.

use crate::{
    components::{Brand, Icon, IconLink, IconName},
    pages::face::Who,
};
use chat::User;
use leptos::prelude::*;

/// The sidebar of the settings, and the page beside it.
#[component]
pub(super) fn Frame(user: User, children: Children) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app">
            <Sidebar user/>
            <main class="main" id="main" tabindex="-1">
                <header class="bar">
                    <IconLink icon=IconName::ArrowLeft label="Back to chat" href="/" class="only-narrow"/>
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label="Sessions settings">
                    <div class="page">{children()}</div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Sidebar(user: User) -> impl IntoView {
    view! {
        <nav class="side" aria-label="Settings">
            <div class="side-top">
                <a href="/" aria-label="Confab home"><Brand/></a>
            </div>
            <div class="side-nav">
                <a class="srow-link" href="/"><Icon name=IconName::ArrowLeft/><span>"Back to chat"</span></a>
                <h2 id="settings">"Settings"</h2>
                <ul role="list" aria-labelledby="settings">
                    <li>
                        <a class="srow-link" href="/settings/sessions" aria-current="page">
                            <Icon name=IconName::Laptop/><span>"Sessions"</span>
                        </a>
                    </li>
                </ul>
            </div>
            <div class="side-foot">
                <div class="user">
                    <Who user/>
                </div>
            </div>
        </nav>
    }
    .into_any()
}
