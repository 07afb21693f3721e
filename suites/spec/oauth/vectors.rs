//! Every vector of `fixtures/vectors`, recomputed in every dialect.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use magespec::oauth::{
    BaseStringError, Dialect, Refusal, Request, SignatureMethod, SigningKey, base_string, verify,
};
use magespec::secret::Secret;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    schema: String,
    #[serde(rename = "set")]
    name: String,
    provenance: String,
    notes: BTreeMap<String, String>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    comment: String,
    evidence: String,
    flags: Vec<String>,
    request: Sent,
    secrets: Secrets,
    dialects: BTreeMap<String, Judgement>,
    #[serde(default)]
    also: BTreeMap<String, String>,
}

/// A request as its bytes arrive.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) target: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secrets {
    consumer: String,
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judgement {
    verdict: String,
    base_string: Option<String>,
    signature: Option<String>,
    signature_sha1: Option<String>,
    disputed: Option<Disputed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disputed {
    published_verdict: Option<String>,
    published_signature: Option<String>,
    reason: String,
}

impl Sent {
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            scheme: &self.scheme,
            host: &self.host,
            target: &self.target,
            authorization: self.authorization.as_deref(),
            content_type: self.content_type.as_deref(),
            body: self.body.as_bytes(),
        }
    }
}

fn sets() -> Vec<Set> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vectors");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder of vectors is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".json") && !name.ends_with(".schema.json")
        })
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("a set can be read");
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

fn method_of(sent: &Sent) -> SignatureMethod {
    let header = sent.authorization.as_deref().unwrap_or_default();
    if header.contains("oauth_signature_method=\"HMAC-SHA1\"") {
        SignatureMethod::HmacSha1
    } else {
        SignatureMethod::HmacSha256
    }
}

fn verdict_of(dialect: Dialect, sent: &Sent, key: &SigningKey) -> &'static str {
    match verify(dialect, &SignatureMethod::ALL, &sent.request(), key) {
        Ok(_) => "valid",
        Err(Refusal::Signature) => "invalid",
        Err(Refusal::Fault(_)) => "fault",
        Err(Refusal::Missing(protocol)) if protocol.name() == "oauth_signature" => "unsigned",
        Err(Refusal::Missing(_)) => "no-credentials",
        Err(other) => panic!("no vector is refused for this: {other}"),
    }
}

#[test]
fn every_vector_has_its_base_string_signature_and_verdict_in_every_dialect() {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for set in sets() {
        for vector in &set.vectors {
            let Secrets { consumer, token } = &vector.secrets;
            let key = SigningKey::new(&Secret::from(&**consumer), &Secret::from(&**token));
            for dialect in Dialect::ALL {
                let what = format!("{} ({}) in {}", vector.id, vector.comment, dialect.name());
                let expected = &vector.dialects[dialect.name()];
                let verdict = verdict_of(dialect, &vector.request, &key);
                assert_eq!(verdict, expected.verdict, "{what}");
                let base = base_string(dialect, &vector.request.request());
                if let Some(text) = &expected.base_string {
                    assert_eq!(base.as_ref(), Ok(text), "{what}");
                    let method = method_of(&vector.request);
                    let signature = method.sign(text.as_bytes(), &key);
                    assert_eq!(Some(&signature), expected.signature.as_ref(), "{what}");
                    if let Some(sha1) = &expected.signature_sha1 {
                        let signature = SignatureMethod::HmacSha1.sign(text.as_bytes(), &key);
                        assert_eq!(&signature, sha1, "{what}");
                    }
                } else if expected.verdict == "fault" {
                    assert!(matches!(base, Err(BaseStringError::Fault(_))), "{what}");
                }
                *counts.entry((dialect.name(), verdict)).or_default() += 1;
            }
        }
    }
    let total: usize = counts.values().sum::<usize>() / Dialect::ALL.len();
    println!("{total} vectors, recomputed in every dialect:");
    for ((dialect, verdict), count) in &counts {
        println!("  {dialect:<8} {verdict:<14} {count}");
    }
    assert!(total >= 300, "there are only {total} vectors");
}

#[test]
fn every_published_value_that_is_not_followed_is_listed_with_its_reason() {
    let mut disputed = Vec::new();
    for set in sets() {
        for vector in &set.vectors {
            for (dialect, judgement) in &vector.dialects {
                let Some(dispute) = &judgement.disputed else {
                    continue;
                };
                let published = [&dispute.published_verdict, &dispute.published_signature];
                let published: Vec<&String> = published.into_iter().flatten().collect();
                let ours = [Some(&judgement.verdict), judgement.signature.as_ref()];
                assert!(published.iter().all(|value| !ours.contains(&Some(value))));
                println!(
                    "{} in {dialect}: published {published:?}: {}",
                    vector.id, dispute.reason
                );
                disputed.push(format!("{} {dialect}", vector.id));
            }
        }
    }
    let expected = [
        "client-002 native",
        "client-004 native",
        "client-011 laminas",
        "client-020 laminas",
        "client-021 native",
        "client-030 laminas",
        "client-061 native",
        "client-065 native",
        "client-073 native",
        "client-074 native",
        "client-076 native",
        "client-077 native",
        "client-078 native",
        "client-081 native",
        "client-082 native",
        "client-090 native",
        "client-095 native",
        "client-098 native",
        "client-099 native",
        "client-106 native",
        "client-107 native",
        "client-110 native",
        "client-115 native",
        "client-119 native",
        "client-149 native",
        "client-151 native",
    ];
    assert_eq!(disputed, expected);
}

#[test]
fn a_vector_set_explains_itself() {
    let mut ids = BTreeSet::new();
    for set in sets() {
        assert_eq!(set.schema, "magespec-vectors/1");
        assert!(!set.provenance.is_empty() && !set.name.is_empty());
        for vector in &set.vectors {
            assert!(
                ids.insert(vector.id.clone()),
                "{} is there twice",
                vector.id
            );
            assert!(!vector.evidence.is_empty() && !vector.comment.is_empty());
            assert!(vector.also.values().all(|verdict| !verdict.is_empty()));
            for flag in &vector.flags {
                assert!(
                    set.notes.contains_key(flag),
                    "`{flag}` of {} has no note",
                    vector.id
                );
            }
        }
    }
}

#[test]
fn a_mistake_that_matters_is_refused_by_the_standard_or_by_a_store() {
    let mistakes = sets().into_iter().find(|set| set.name == "mistakes");
    for vector in mistakes.expect("there is a set of mistakes").vectors {
        let accepted = vector
            .dialects
            .values()
            .filter(|judgement| judgement.verdict == "valid")
            .count();
        let harmless = vector
            .flags
            .iter()
            .any(|flag| flag == "harmless" || flag == "control");
        assert!(harmless || accepted < Dialect::ALL.len(), "{}", vector.id);
    }
}
