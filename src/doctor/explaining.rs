//! Mistakes that were found, as sentences.

use super::diagnosis::Explained;
use super::facts::Facts;
use super::mistakes::{Family, Make, Mistake};
use super::search::Found;
use crate::oauth::Profile;

/// A mistake, and what is special about it.
pub(super) type Noticed = (&'static Mistake, Option<String>);

/// What is seen in the request and makes the profile refuse it.
pub(super) fn seen_in(facts: &Facts<'_>, profile: &Profile) -> Vec<Noticed> {
    let mistakes = Family::Placement.mistakes().iter();
    mistakes
        .filter_map(|mistake| match mistake.make {
            Make::Seen(see) => see(facts, profile).map(|detail| (mistake, Some(detail))),
            _ => None,
        })
        .collect()
}

/// What the profile wants otherwise in this request; `some` says that there must be something.
pub(super) fn wanted_by(facts: &Facts<'_>, profile: &Profile, some: bool) -> Vec<Noticed> {
    let mistakes = Family::Release.mistakes();
    let mut wanted: Vec<Noticed> = mistakes
        .iter()
        .filter_map(|mistake| match mistake.make {
            Make::Wanted(look) => look(facts, profile).map(|detail| (mistake, Some(detail))),
            _ => None,
        })
        .collect();
    if wanted.is_empty() && some {
        wanted.extend(mistakes.last().map(|mistake| (mistake, None)));
    }
    wanted
}

pub(super) fn explained_each(noticed: Vec<Noticed>) -> Vec<Explained> {
    noticed
        .into_iter()
        .map(|one| {
            explained(&Found {
                mistakes: vec![one],
                base_string: Vec::new(),
            })
        })
        .collect()
}

/// Several wishes of a release as one explanation: all of them have to be met.
pub(super) fn together(explanations: Vec<Explained>) -> Vec<Explained> {
    if explanations.len() < 2 {
        return explanations;
    }
    let join = |part: fn(&Explained) -> &str, with: &str| {
        let parts: Vec<&str> = explanations.iter().map(part).collect();
        parts.join(with)
    };
    vec![Explained {
        mistakes: explanations
            .iter()
            .flat_map(|one| one.mistakes.clone())
            .collect(),
        sentence: join(|one| &one.sentence, "; and: "),
        fix: join(|one| &one.fix, " "),
    }]
}

pub(super) fn explained(found: &Found) -> Explained {
    let sentences: Vec<String> = found
        .mistakes
        .iter()
        .map(|(mistake, detail)| match detail.as_deref() {
            None | Some("") => mistake.statement.to_owned(),
            Some(detail) => format!("{} ({detail})", mistake.statement),
        })
        .collect();
    let fixes: Vec<&str> = found
        .mistakes
        .iter()
        .map(|(mistake, _)| mistake.fix)
        .collect();
    Explained {
        mistakes: found.mistakes.iter().map(|(mistake, _)| *mistake).collect(),
        sentence: sentences.join("; and: "),
        fix: fixes.join(" "),
    }
}
