//! From what was typed to what can be kept.

use crate::{config::is_known_provider, guard::Reach, llm::model_list::ModelList};
use chat::{
    Dialect,
    ports::{ProviderFields, SaveProviderError},
};
use url::Url;

const MAX_NAME_CHARS: usize = 60;
const MAX_LIST_BYTES: usize = 20_000;
/// Leaves room for a number, below the 60 that the database takes.
const MAX_ID_BYTES: usize = 40;

/// The fields of a form, looked at.
pub(super) struct Checked {
    pub name: String,
    pub dialect: Dialect,
    pub base: Url,
    pub model_list: String,
}

impl Checked {
    /// Looks at each field, in their order on the page.
    pub(super) async fn of(fields: &ProviderFields, reach: &Reach) -> Result<Self, SaveProviderError> {
        let name = fields.name.trim();
        if name.is_empty() {
            return Err(invalid("name", "Give the provider a name."));
        }
        if name.chars().count() > MAX_NAME_CHARS || name.contains(char::is_control) {
            return Err(invalid("name", "Keep the name to one line of at most 60 letters."));
        }
        let dialect = Dialect::parse(&fields.dialect);
        let dialect = dialect.ok_or_else(|| invalid("dialect", "Choose how it is spoken to."))?;
        let bad_address = |error: crate::guard::BadAddress| invalid("address", error.to_string());
        let base = reach.read(&fields.address).map_err(bad_address)?;
        reach.look(&base).await.map_err(bad_address)?;
        let model_list = fields.model_list.trim();
        if model_list.len() > MAX_LIST_BYTES {
            return Err(invalid("models", "This list is too long. Hide models by -NAME, or show some by -all,+NAME."));
        }
        ModelList::parse(model_list).map_err(|faults| invalid("models", faults.join(" ")))?;
        Ok(Self { name: name.to_owned(), dialect, base, model_list: model_list.to_owned() })
    }
}

pub(super) fn invalid(field: &'static str, problem: impl Into<String>) -> SaveProviderError {
    SaveProviderError::Invalid { field, problem: problem.into() }
}

/// The beginning of an id: `My Lab (2)` → `my-lab-2`.
pub(super) fn slug(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    let letters: String = letters.collect();
    let mut slug = letters.split_whitespace().collect::<Vec<_>>().join("-");
    slug.truncate(MAX_ID_BYTES);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "provider".to_owned() } else { slug.to_owned() }
}

/// Whether an id is somebody else's: an address of the settings, the built-in model, or a provider that the operator may
/// set up one day, whose models would then be taken for this one's.
pub(super) fn is_reserved(id: &str) -> bool {
    matches!(id, "new" | "local") || is_known_provider(id)
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, slug};

    #[test]
    fn an_id_is_made_of_the_name() {
        for (name, id) in [
            ("My Lab (2)", "my-lab-2"),
            ("  Mistral ", "mistral"),
            ("Über/../Modelle", "ber-modelle"),
            ("模型", "provider"),
            (&"long ".repeat(30), "long-long-long-long-long-long-long-long"),
        ] {
            assert_eq!(slug(name), id);
        }
        assert!(is_reserved("new") && is_reserved("openai") && !is_reserved("my-lab"));
    }
}
