//! Every signed mistake is made on the loud requests and on a plain one, and named.

use std::collections::BTreeSet;

use magespec::doctor::{Diagnosis, Family, Mistake, Verdict, examine, mistakes};
use magespec::oauth::Profile;

use super::client::{Client, loud_exchange, loud_json, loud_search, plain};
use super::law::made;
use super::made::MADE;

fn examined(client: &Client) -> Diagnosis {
    let profile = Profile::named("rfc5849").expect("there is one");
    examine(1, &client.request(), &client.keyring(), profile)
}

fn names(diagnosis: &Diagnosis, id: &str) -> bool {
    diagnosis
        .explanations
        .iter()
        .any(|one| one.mistakes.len() == 1 && one.mistakes[0].id == id)
}

#[test]
fn every_mistake_is_named_on_every_loud_request_on_which_it_shows() {
    let clients = [loud_search(), loud_exchange(), loud_json()];
    let mut wrong = Vec::new();
    for (id, make) in MADE {
        let shown: Vec<Client> = clients
            .iter()
            .filter_map(|client| made(client, *make))
            .collect();
        if shown.is_empty() {
            wrong.push(format!("{id} shows on no loud request"));
        }
        for client in shown {
            let diagnosis = examined(&client);
            if !names(&diagnosis, id) {
                let found: Vec<Vec<&str>> = diagnosis
                    .explanations
                    .iter()
                    .map(|one| one.mistakes.iter().map(|mistake| mistake.id).collect())
                    .collect();
                wrong.push(format!(
                    "{id} on {} {}: {} {found:?}",
                    client.sent.method,
                    client.sent.target,
                    diagnosis.verdict.name()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are not named:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_loud_requests_and_the_plain_one_are_right_without_a_mistake() {
    for client in [loud_search(), plain()] {
        let diagnosis = examined(&client);
        assert_eq!(
            diagnosis.verdict,
            Verdict::Right,
            "{}",
            magespec::doctor::pretty_one(&diagnosis)
        );
    }
    // An empty token is refused whatever is signed.
    for client in [loud_exchange(), loud_json()] {
        let diagnosis = examined(&client);
        assert!(
            diagnosis.accepted_by.contains(&("rfc5849", true)),
            "{}",
            magespec::doctor::pretty_one(&diagnosis)
        );
    }
}

#[test]
fn there_is_a_making_for_every_signed_mistake_and_a_mistake_for_every_making() {
    let signed =
        |mistake: &&Mistake| !matches!(mistake.family, Family::Placement | Family::Release);
    let known: BTreeSet<&str> = mistakes()
        .filter(signed)
        .map(|mistake| mistake.id)
        .collect();
    let made: BTreeSet<&str> = MADE.iter().map(|(id, _)| *id).collect();
    assert_eq!(known, made);
    assert!(mistakes().count() >= 90, "{} mistakes", mistakes().count());
}

#[test]
fn ids_are_unique_and_pages_are_whole_sentences() {
    let mut ids = BTreeSet::new();
    for mistake in mistakes() {
        assert!(ids.insert(mistake.id), "{} is there twice", mistake.id);
        assert!(mistake.id.starts_with("mistake/"), "{}", mistake.id);
        for text in [mistake.statement, mistake.detection, mistake.seen] {
            assert!(
                !text.is_empty() && !text.ends_with('.'),
                "{}: {text}",
                mistake.id
            );
        }
        assert!(
            mistake.fix.ends_with(['.', '*']),
            "{}: {}",
            mistake.id,
            mistake.fix
        );
        assert_eq!(
            Mistake::find(mistake.id).map(|found| found.id),
            Some(mistake.id)
        );
        assert!(mistake.page().contains(mistake.statement));
    }
}

/// Which mistakes cannot be seen on a request with nothing special in it: no query, no body, secrets of letters and digits.
#[test]
fn the_mistakes_that_a_plain_request_hides() {
    let client = plain();
    let mut hidden = Vec::new();
    let mut lost = Vec::new();
    for (id, make) in MADE {
        match made(&client, *make) {
            None => hidden.push(*id),
            Some(wrong) if !names(&examined(&wrong), id) => lost.push(*id),
            Some(_) => {}
        }
    }
    assert!(lost.is_empty(), "shown and not named: {lost:?}");
    insta::assert_snapshot!("hidden_on_a_plain_request", hidden.join("\n"));
}
