//! Variables that look like one of ours, but are not: most likely a slip of the finger.

use super::{SETTINGS, model_providers, providers, reader::Reader};
use strsim::normalized_damerau_levenshtein;

/// How alike two names have to be, from 0 to 1: one or two letters of a usual name.
const ALIKE: f64 = 0.85;
/// Shorter names resemble too many others.
const SHORTEST: usize = 8;

/// Warns of each variable that is nearly one of ours, or of the providers whose variables begin like `own`.
pub(super) fn warn(reader: &mut Reader, names: &[String], own: &[Vec<String>]) {
    let ours = our_names(own);
    for name in names.iter().filter(|name| name.len() >= SHORTEST && !ours.contains(name)) {
        let alike = |known: &&String| normalized_damerau_levenshtein(name, known);
        let nearest = ours.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
        if let Some(nearest) = nearest.filter(|nearest| alike(nearest) >= ALIKE) {
            reader.warn(name, "is not a setting of Confab.", format!("Did you mean {nearest}?"));
        }
    }
}

fn our_names(own: &[Vec<String>]) -> Vec<String> {
    let settings = SETTINGS.iter().flat_map(|setting| setting.names.iter().map(|name| (*name).to_owned()));
    let sign_in = providers::KNOWN.iter().flat_map(providers::Known::settings);
    let models = model_providers::KNOWN.iter().flat_map(model_providers::Known::settings);
    let own = own.iter().flat_map(|prefixes| model_providers::settings(prefixes));
    let mut names: Vec<String> =
        settings.chain(sign_in.chain(models).chain(own).flat_map(|(names, _)| names)).collect();
    let twins: Vec<String> = names.iter().map(|name| [name, "_FILE"].concat()).collect();
    names.extend(twins);
    names.sort();
    names.dedup();
    names
}
