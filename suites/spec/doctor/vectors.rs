//! Every vector of `fixtures/vectors` keeps its verdict when the doctor examines it, for each dialect and each profile.

use std::fs;
use std::path::Path;

use magespec::doctor::{Keyring, KeyringEntry, ReceivedRequest, Verdict, examine};
use magespec::oauth::{PROFILES, Profile};
use magespec::secret::Secret;
use serde_json::Value;

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[test]
fn every_vector_keeps_its_verdict() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vectors");
    let mut examined = 0;
    for set in ["base-strings", "clients", "golden", "mistakes", "standard"] {
        let file = fs::read_to_string(folder.join(format!("{set}.json"))).expect("a set");
        let parsed: Value = serde_json::from_str(&file).expect("JSON");
        for vector in parsed["vectors"].as_array().expect("a list") {
            let (sent, secrets) = (&vector["request"], &vector["secrets"]);
            let request = ReceivedRequest {
                label: text(&vector["id"]),
                method: text(&sent["method"]).unwrap_or_default(),
                scheme: text(&sent["scheme"]),
                host: text(&sent["host"]).unwrap_or_default(),
                target: text(&sent["target"]).unwrap_or_default(),
                authorization: text(&sent["authorization"]),
                content_type: text(&sent["content_type"]),
                body: text(&sent["body"]).unwrap_or_default().into_bytes(),
                ..ReceivedRequest::default()
            };
            let secret = |name: &str| Secret::from(secrets[name].as_str().unwrap_or_default());
            let keyring = Keyring::new(vec![KeyringEntry {
                consumer_key: None,
                consumer_secret: secret("consumer"),
                token: None,
                token_secret: Some(secret("token")),
            }]);
            let valid = |dialect: &str| vector["dialects"][dialect]["verdict"] == "valid";
            let diagnosis = examine(1, &request, &keyring, <&Profile>::default());
            let id = &diagnosis.label;
            for built in &diagnosis.base_strings {
                let dialect = built.dialect.name();
                assert_eq!(built.signed, valid(dialect), "{id} in {dialect}");
            }
            let header = request.authorization.as_deref().unwrap_or_default();
            let form = String::from_utf8_lossy(&request.body);
            let whole = [header, &request.target, &form].concat().replace('"', "");
            for (profile, (name, accepted)) in PROFILES.iter().zip(&diagnosis.accepted_by) {
                let taken = profile
                    .methods
                    .iter()
                    .any(|method| whole.contains(&format!("method={}", method.name())));
                let expected = taken && valid(profile.dialect.name());
                assert_eq!(*accepted, expected, "{id} for {name}");
            }
            let right = diagnosis
                .accepted_by
                .iter()
                .any(|(name, accepted)| *name == diagnosis.profile.name && *accepted);
            assert!(right || diagnosis.verdict != Verdict::Right, "{id}");
            examined += 1;
        }
    }
    assert!(examined >= 300, "there are only {examined} vectors");
}
