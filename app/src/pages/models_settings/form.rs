//! The form of a provider, for a new one and for one that is there.

use super::{
    field::{Field, Line, Note, Select},
    remove::Remove,
    words,
};
use crate::{
    api::providers::{find_provider, refused_provider},
    components::{Button, ButtonLink, ButtonVariant, Callout, Tone},
    context::PageFacts,
    error::AppError,
    pages::{
        ErrorPage,
        chat::turn_away,
        sessions::frame::{Frame, Place},
        title::PageTitle,
    },
};
use chat::{
    Dialect, User,
    ports::{AddedProvider, ProviderFields, RefusedForm},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The form of a new provider.
#[component]
pub fn NewProviderPage() -> impl IntoView {
    view! { <FormPage id=String::new()/> }.into_any()
}

/// The form of a provider that an administrator added.
#[component]
pub fn ProviderPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    view! { <FormPage id/> }.into_any()
}

/// What a form begins with.
struct Filled {
    /// The provider; none for a new one.
    provider: Option<AddedProvider>,
    fields: ProviderFields,
    refused: Option<RefusedForm>,
    /// The key is what the form was opened for.
    fix_key: bool,
}

impl Filled {
    /// Nobody but administrators gets that far.
    async fn load(id: String, was_refused: bool, fix_key: bool) -> Result<Self, AppError> {
        let refused = refused_provider(id.clone()).await?.filter(|_| was_refused);
        let provider = if id.is_empty() { None } else { Some(find_provider(id).await?) };
        let blank = || ProviderFields { enabled: true, dialect: Dialect::OpenAi.word().into(), ..Default::default() };
        let kept = provider.as_ref().map_or_else(blank, |provider| provider.fields.clone());
        let fields = refused.as_ref().map_or(kept, |form| form.fields.clone());
        Ok(Self { provider, fields, refused, fix_key })
    }

    /// The note of a field: what is wrong with it, or else the hint.
    fn note(&self, field: &str, hint: impl Into<String>) -> Note {
        let error = self.refused.as_ref().filter(|form| form.field == field).map(|form| form.problem.clone());
        Note { error, ..Note::hint(hint) }
    }

    /// What is wrong, when it is no field of the form.
    fn trouble(&self) -> Option<String> {
        const FIELDS: [&str; 5] = ["name", "dialect", "address", "key", "models"];
        self.refused.as_ref().filter(|form| !FIELDS.contains(&&*form.field)).map(|form| form.problem.clone())
    }

    fn keys(&self) -> u32 {
        self.provider.as_ref().map_or(0, |provider| provider.keys)
    }
}

#[component]
fn FormPage(
    /// Empty for a new one.
    id: String,
) -> impl IntoView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let (refused, fix_key) = use_query_map()
        .with_untracked(|query| (query.get_str("refused").is_some(), query.get_str("fix") == Some("key")));
    let page = move || {
        let (user, id) = (user.clone(), id.clone());
        Suspend::new(async move {
            match Filled::load(id, refused, fix_key).await {
                Ok(filled) => view! { <Page user filled/> }.into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

#[component]
fn Page(user: User, filled: Filled) -> impl IntoView {
    let known = filled.provider.as_ref().map(|provider| (provider.id.clone(), provider.fields.name.clone()));
    let title = known.as_ref().map_or_else(|| "Add a provider".to_owned(), |(_, name)| name.clone());
    let trouble = filled.trouble();
    view! {
        <PageTitle text=title.clone()/>
        <Frame user here=Place::Models>
            <header>
                <h1>{title}</h1>
                <p>"Its models are on offer to everybody here as soon as it is saved."</p>
            </header>
            {trouble.map(|text| view! { <Callout tone=Tone::Bad alert=true title="Nothing was saved">{text}</Callout> })}
            <ProviderForm filled/>
            {known.map(|(id, name)| view! { <Remove id name/> })}
        </Frame>
    }
    .into_any()
}

#[component]
fn ProviderForm(filled: Filled) -> impl IntoView {
    let (id, version) = filled.provider.as_ref().map_or((String::new(), 0), |known| (known.id.clone(), known.version));
    let ProviderFields { name, address, model_list, dialect, enabled } = filled.fields.clone();
    let dialects = Dialect::ALL.map(|dialect| (dialect.word(), words::dialect(dialect).to_owned())).to_vec();
    let first = id.is_empty() && filled.refused.is_none();
    let name_note = filled.note("name", "");
    let dialect_note = filled.note("dialect", "");
    let address_hint = match filled.keys() {
        0 => "Most often ends in /v1, such as https://api.mistral.ai/v1.",
        _ => "The key belongs to this host and port. With another one it is forgotten, unless you type it again.",
    };
    let address_note = filled.note("address", address_hint);
    let models_note = filled.note(
        "models",
        "Empty for all that it lists. Otherwise -all,+ID=Name<128k:vision:reasoning:fc>, with a comma between two.",
    );
    view! {
        <form class="provider" method="post" action="/api/providers/save">
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="version" value=version/>
            <Line name="name" label="Name" value=name note=name_note required=true autofocus=first max_length=60/>
            <Select name="dialect" label="Speaks" options=dialects chosen=dialect note=dialect_note/>
            <Line name="address" label="Address" value=address note=address_note required=true max_length=500/>
            <Keys filled/>
            <ModelList value=model_list note=models_note/>
            <label class="checked">
                <input class="check" type="checkbox" name="enabled" value="true" checked=enabled/>
                "Offer its models"
            </label>
            <div class="row">
                <Button submit=true variant=ButtonVariant::Primary>"Save"</Button>
                <ButtonLink href="/settings/models" variant=ButtonVariant::Quiet>"Cancel"</ButtonLink>
            </div>
        </form>
    }
    .into_any()
}

/// The key, which is never shown, and what becomes of those that are kept.
#[component]
fn Keys(filled: Filled) -> impl IntoView {
    let (keys, fix_key) = (filled.keys(), filled.fix_key);
    let lost = filled.provider.as_ref().is_some_and(|provider| provider.keys_lost);
    let hint = match keys {
        0 => "Some servers want none.".to_owned(),
        _ if lost => "The kept key can’t be read: AUTH_SECRET or the address has changed. Type it again.".to_owned(),
        _ => words::kept(keys) + ". Leave this empty to go on with it.",
    };
    let note = filled.note("key", hint);
    let fates = || {
        let one = keys == 1;
        let words = |single: &str, several: &str| (if one { single } else { several }).to_owned();
        let options = vec![
            ("keep", words("Stays, until another one is typed", "Stay, until another one is typed")),
            ("beside", words("Stays beside the one that is typed", "Stay beside the one that is typed")),
            ("forget", words("Is forgotten", "Are forgotten")),
        ];
        let label = if one { "The kept key" } else { "The kept keys" };
        let note = Note::hint("Several keys take turns.");
        view! { <Select name="kept" label options chosen="keep".to_owned() note/> }
    };
    view! {
        <Line name="key" label="Key" value=String::new() note secret=true autofocus=fix_key max_length=4096/>
        {(keys > 0 && !lost).then(fates)}
    }
    .into_any()
}

#[component]
fn ModelList(value: String, note: Note) -> impl IntoView {
    let wrong = note.error.is_some();
    view! {
        <Field name="models" label="Models" note>
            <textarea
                class="input"
                id="models"
                name="models"
                maxlength="20000"
                spellcheck="false"
                autofocus=wrong
                aria-invalid=wrong.then_some("true")
                aria-describedby=Note::id("models")
            >
                {value}
            </textarea>
        </Field>
    }
    .into_any()
}
