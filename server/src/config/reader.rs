//! Reading variables, with their twins that name files, and gathering what is wrong with them.

use super::{Fault, Setting, Source};
use std::{ops::RangeInclusive, path::PathBuf};

/// A setting that was found, and the variable that held it.
pub(super) struct Found {
    pub variable: String,
    pub value: String,
}

/// The source, and all that was found wrong with it.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    /// What keeps the server from starting.
    pub faults: Vec<Fault>,
    /// What does not.
    pub warnings: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a dyn Source) -> Self {
        Self { source, faults: Vec::new(), warnings: Vec::new() }
    }

    pub fn fault(&mut self, variable: &str, problem: impl Into<String>, fix: impl Into<String>) {
        self.faults.push(Fault { variable: variable.into(), problem: problem.into(), fix: fix.into() });
    }

    pub fn warn(&mut self, variable: &str, problem: impl Into<String>, fix: impl Into<String>) {
        self.warnings.push(Fault { variable: variable.into(), problem: problem.into(), fix: fix.into() });
    }

    /// The first of a setting's variables that has a value.
    pub fn get(&mut self, setting: Setting) -> Option<Found> {
        self.first(setting.names, setting.secret)
    }

    /// The first of these variables that has a value; a secret one may be in a file.
    pub fn first<N: AsRef<str>>(&mut self, names: &[N], secret: bool) -> Option<Found> {
        for name in names.iter().map(AsRef::as_ref) {
            let direct = self.source.variable(name).filter(|value| !value.trim().is_empty());
            let twin = format!("{name}_FILE");
            let path = if secret { self.source.variable(&twin).filter(|p| !p.trim().is_empty()) } else { None };
            match (direct, path) {
                (Some(_), Some(_)) => {
                    self.fault(&twin, format!("is set, and {name} too."), "Keep one of the two.");
                    return None;
                }
                (Some(value), None) if value.contains(char::REPLACEMENT_CHARACTER) => {
                    self.fault(name, "is not UTF-8.", "Write it in letters, digits and signs of UTF-8.");
                    return None;
                }
                (Some(value), None) => return Some(Found { variable: name.into(), value: value.trim().to_owned() }),
                (None, Some(path)) => return self.read_file(twin, path.trim()),
                (None, None) => {}
            }
        }
        None
    }

    /// Whether one of these variables, or its twin, has a value.
    pub fn is_set<N: AsRef<str>>(&self, names: &[N]) -> bool {
        let has_value = |name: &str| self.source.variable(name).is_some_and(|value| !value.trim().is_empty());
        names.iter().map(AsRef::as_ref).any(|name| has_value(name) || has_value(&[name, "_FILE"].concat()))
    }

    /// A list, separated by commas of either kind.
    pub fn list(&mut self, setting: Setting) -> Option<(String, Vec<String>)> {
        let found = self.get(setting)?;
        let parts = found.value.split([',', '，']).map(str::trim).filter(|part| !part.is_empty());
        Some((found.variable, parts.map(str::to_owned).collect()))
    }

    /// A switch; off when it is not set.
    pub fn is_on(&mut self, setting: Setting) -> bool {
        let Some(found) = self.get(setting) else { return false };
        match found.value.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => true,
            "0" | "false" | "no" | "off" => false,
            _ => {
                self.fault(&found.variable, "is neither on nor off.", "Write 1 or 0.");
                false
            }
        }
    }

    /// A number from a range.
    pub fn number(&mut self, setting: Setting, range: RangeInclusive<u32>) -> Option<u32> {
        let found = self.get(setting)?;
        let number = found.value.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let fix = format!("Write a number from {} to {}.", range.start(), range.end());
            self.fault(&found.variable, "is not a number that can be used.", fix);
        }
        number
    }

    /// A file that has to be there.
    pub fn existing_file(&mut self, setting: Setting) -> Option<PathBuf> {
        let found = self.get(setting)?;
        self.read_file(found.variable, &found.value)?;
        Some(found.value.into())
    }

    fn read_file(&mut self, variable: String, path: &str) -> Option<Found> {
        match self.source.file(path) {
            Ok(text) if text.trim().is_empty() => {
                self.fault(&variable, "names an empty file.", "Put the value into it.");
                None
            }
            Ok(text) => Some(Found { variable, value: text.trim().to_owned() }),
            Err(error) => {
                self.fault(
                    &variable,
                    format!("names a file that can't be read ({}).", error.kind()),
                    "Check the path and its permissions.",
                );
                None
            }
        }
    }
}
