//! The page *Appearance*: how Confab looks and behaves in this browser. It is a plain form that comes without scripts.

use super::{
    chat::turn_away,
    sessions::frame::{Frame, Place},
    title::PageTitle,
};
use crate::{
    components::{Button, ButtonVariant, Callout, Icon, IconName, IconSize},
    context::{Look, PageFacts, Theme, look},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// One of several, of which one is chosen.
struct Choice {
    value: &'static str,
    name: &'static str,
    icon: Option<IconName>,
    chosen: bool,
}

impl Choice {
    fn new(value: &'static str, name: &'static str, chosen: bool) -> Self {
        Self { value, name, icon: None, chosen }
    }

    fn with(self, icon: IconName) -> Self {
        Self { icon: Some(icon), ..self }
    }
}

/// How Confab looks and behaves in this browser.
#[component]
pub fn AppearancePage() -> impl IntoView {
    let facts = expect_context::<PageFacts>();
    let Some(user) = facts.visitor else {
        turn_away();
        return ().into_any();
    };
    let saved = use_query_map().with_untracked(|query| query.get_str("saved").is_some());
    view! {
        <PageTitle text="Appearance"/>
        <Frame user here=Place::Appearance>
            <header>
                <h1>"Appearance"</h1>
                <p>"What you choose here holds in this browser only."</p>
            </header>
            {saved.then(|| view! { <div role="status"><Callout title="Saved">"It holds from the next page on."</Callout></div> })}
            <form method="post" autocomplete="off">
                <Looks theme=facts.preferences.theme look=look()/>
                <Behaviour look=look()/>
                <div class="set-save"><Button submit=true variant=ButtonVariant::Primary>"Save"</Button></div>
            </form>
        </Frame>
    }
    .into_any()
}

#[component]
fn Looks(theme: Theme, look: Look) -> impl IntoView {
    let usual = !look.has("small") && !look.has("large");
    let themes = vec![
        Choice::new("system", "System", theme == Theme::System).with(IconName::Monitor),
        Choice::new("light", "Light", theme == Theme::Light).with(IconName::Sun),
        Choice::new("dark", "Dark", theme == Theme::Dark).with(IconName::Moon),
    ];
    let sizes = vec![
        Choice::new("small", "Small", look.has("small")),
        Choice::new("normal", "Normal", usual),
        Choice::new("large", "Large", look.has("large")),
    ];
    let widths =
        vec![Choice::new("column", "Column", !look.has("wide")), Choice::new("wide", "Wide", look.has("wide"))];
    view! {
        <section class="sect">
            <h2>"Look"</h2>
            <OneOf name="theme" label="Theme" hint="System follows your device" options=themes/>
            <OneOf name="size" label="Text size" hint="Affects messages and the composer" options=sizes/>
            <OneOf name="width" label="Reading width" hint="Wide fits long tables and code" options=widths/>
        </section>
    }
    .into_any()
}

#[component]
fn Behaviour(look: Look) -> impl IntoView {
    view! {
        <section class="sect">
            <h2>"Behaviour"</h2>
            <Switch
                name="enter"
                label="Send with Enter"
                hint="Otherwise Enter starts a new line, and Ctrl Enter (on a Mac ⌘ Enter) sends"
                on=!look.has("lines")
            />
            <Switch
                name="statistics"
                label="Show response statistics"
                hint="Model, speed and tokens under each answer"
                on=!look.has("bare")
            />
            <Switch
                name="reasoning"
                label="Open reasoning while it runs"
                hint="Closes by itself when the answer starts"
                on=look.has("reasoning")
            />
            <Switch
                name="animate"
                label="Animate streaming text"
                hint="Off when your device asks for reduced motion"
                on=!look.has("still")
            />
        </section>
    }
    .into_any()
}

#[component]
fn OneOf(name: &'static str, label: &'static str, hint: &'static str, options: Vec<Choice>) -> impl IntoView {
    let options = options.into_iter().map(|Choice { value, name: text, icon, chosen }| {
        view! {
            <label>
                <input type="radio" name=name value=value aria-label=text checked=chosen/>
                <span>{icon.map(|name| view! { <Icon name size=IconSize::Small/> })}{text}</span>
            </label>
        }
    });
    view! {
        <div class="set">
            <div><span class="name">{label}</span><small>{hint}</small></div>
            <div class="ctl"><div class="seg" role="radiogroup" aria-label=label>{options.collect_view()}</div></div>
        </div>
    }
    .into_any()
}

#[component]
fn Switch(name: &'static str, label: &'static str, hint: &'static str, on: bool) -> impl IntoView {
    view! {
        <div class="set keep">
            <label for=name><span class="name">{label}</span><small id=[name, "-hint"].concat()>{hint}</small></label>
            <div class="ctl">
                <input
                    class="switch"
                    type="checkbox"
                    role="switch"
                    id=name
                    name=name
                    aria-label=label
                    aria-describedby=[name, "-hint"].concat()
                    checked=on
                />
            </div>
        </div>
    }
    .into_any()
}
