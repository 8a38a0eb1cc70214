//! LobeChat's grammar for lists of models, as in `OPENAI_MODEL_LIST`:
//! `-all,+id,-id,id->deployment=Name<context:vision:reasoning:fc>`.
//!
//! Entries stand between commas. `+id` or `id` shows a model, `-id` hides one, `-all` hides all that the
//! provider lists itself. The name is what users see, the deployment what the provider is asked for. In the
//! angle brackets stand the context in tokens and what the model can do.

use super::dialect::{Listed, Traits};

/// A list of models, as it was set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelList {
    without_fetched: bool,
    hidden: Vec<String>,
    shown: Vec<ModelEntry>,
}

/// A model of a list, with what the list says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelEntry {
    /// Its id.
    pub id: String,
    /// What the provider is asked for, when that is not the id.
    pub deployment: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// What it can do: the context, `vision`, `reasoning`, and `fc` for tools.
    pub traits: Traits,
}

impl ModelList {
    /// Reads a list. An empty one shows what the provider lists.
    ///
    /// # Errors
    /// A sentence for each entry that can't be read. Abilities that are not known are passed over, since
    /// lists outlive versions.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut list, mut faults) = (Self::default(), Vec::new());
        for entry in text.split([',', '，']).map(str::trim).filter(|entry| !entry.is_empty()) {
            if let Err(fault) = list.take(entry) {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(list) } else { Err(faults) }
    }

    fn take(&mut self, entry: &str) -> Result<(), String> {
        if let Some(hidden) = entry.strip_prefix('-') {
            let id = hidden.split(['=', '<']).next().unwrap_or_default();
            match id.split("->").next().unwrap_or_default().trim() {
                "" => return Err(format!("“{entry}” names no model after the minus.")),
                "all" => self.without_fetched = true,
                id => self.hidden.push(id.to_owned()),
            }
            return Ok(());
        }
        let model = ModelEntry::parse(entry.strip_prefix('+').unwrap_or(entry))?;
        self.shown.retain(|other| other.id != model.id);
        self.shown.push(model);
        Ok(())
    }

    /// Whether the provider has to be asked for its own list.
    pub fn wants_fetched(&self) -> bool {
        !self.without_fetched
    }

    /// Whether a model that the provider lists is hidden.
    pub fn hides(&self, id: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == id)
    }

    /// The models to show, given those that the provider lists: those in their order, each with what the
    /// list says of it before what the provider says, then those that only the list names.
    pub fn apply(&self, fetched: Vec<Listed>) -> Vec<ModelEntry> {
        let fetched = if self.without_fetched { Vec::new() } else { fetched };
        let mut models: Vec<ModelEntry> = Vec::with_capacity(fetched.len() + self.shown.len());
        for Listed { id, name, traits } in fetched.into_iter().filter(|model| !self.hides(&model.id)) {
            let named = self.shown.iter().find(|model| model.id == id).cloned();
            let model = named.unwrap_or_else(|| ModelEntry { id, ..ModelEntry::default() });
            models.push(ModelEntry { name: model.name.or(name), traits: model.traits.or(traits), ..model });
        }
        for model in &self.shown {
            if !models.iter().any(|other| other.id == model.id) {
                models.push(model.clone());
            }
        }
        models
    }
}

impl ModelEntry {
    /// What the provider is asked for.
    pub fn asked_as(&self) -> &str {
        self.deployment.as_deref().unwrap_or(&self.id)
    }

    fn parse(entry: &str) -> Result<Self, String> {
        let (named, abilities) = match entry.split_once('<') {
            None => (entry, None),
            Some((named, rest)) => match rest.trim_end().strip_suffix('>') {
                Some(abilities) => (named, Some(abilities)),
                None => return Err(format!("“{entry}” opens “<” and does not close it.")),
            },
        };
        let (target, name) = match named.split_once('=') {
            Some((target, name)) => (target, Some(name.trim())),
            None => (named, None),
        };
        let (id, deployment) = match target.split_once("->") {
            Some((id, deployment)) => (id.trim(), Some(deployment.trim())),
            None => (target.trim(), None),
        };
        if id.is_empty() {
            return Err(format!("“{entry}” names no model."));
        }
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let mut model = Self { id: id.into(), deployment: text(deployment), name: text(name), ..Self::default() };
        for (place, word) in abilities.into_iter().flat_map(|all| all.split(':')).map(str::trim).enumerate() {
            match word {
                "vision" => model.traits.vision = Some(true),
                "reasoning" => model.traits.reasoning = Some(true),
                "fc" => model.traits.tools = Some(true),
                "" => {}
                number if place == 0 => {
                    let fault = || format!("“{entry}” should have a number of tokens after “<”, such as 128000.");
                    model.traits.context_tokens = Some(tokens(number).ok_or_else(fault)?);
                }
                _ => {}
            }
        }
        Ok(model)
    }
}

/// `128000`, `128_000`, `128k` or `1m`; `0` is none.
fn tokens(text: &str) -> Option<u32> {
    let text = text.replace('_', "").to_lowercase();
    let (number, unit) = match (text.strip_suffix('k'), text.strip_suffix('m')) {
        (Some(number), _) => (number, 1_000),
        (_, Some(number)) => (number, 1_000_000),
        _ => (text.as_str(), 1),
    };
    number.parse::<u32>().ok()?.checked_mul(unit).filter(|tokens| *tokens > 0)
}

#[cfg(test)]
mod tests;
