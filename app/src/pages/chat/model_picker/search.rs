//! Which models match what somebody types.

use crate::case::lower;
use chat::ModelInfo;

/// The places of the models that have every word of the query in their name, their provider's or their id.
pub(super) fn matching(models: &[ModelInfo], query: &str) -> Vec<usize> {
    let query = lower(query);
    let has_all = |model: &ModelInfo| {
        let text = lower(&[&model.name, " ", &model.provider_name, " ", &model.id.model].concat());
        query.split_whitespace().all(|word| text.contains(word))
    };
    models.iter().enumerate().filter(|(_, model)| has_all(model)).map(|(index, _)| index).collect()
}

/// Models by provider, in the order in which the providers come first.
pub(super) fn groups(models: &[ModelInfo], matches: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for &index in matches {
        let name = &models[index].provider_name;
        match groups.iter_mut().find(|group| group.0 == *name) {
            Some(group) => group.1.push(index),
            None => groups.push((name.clone(), vec![index])),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
