//! Texts that people hand in: requests for the doctor, reports and baselines read back.

use magespec::conformance::Report;
use magespec::doctor::{self, Keyring, KeyringEntry};
use magespec::lint::baseline::Baseline;
use magespec::oauth::Profile;
use magespec::secret::Secret;

use super::Target;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "doctor",
        run: examined,
        seeds: &[
            b"GET /rest/V1/products?a=1 HTTP/1.1\r\nHost: shop.example\r\nAuthorization: OAuth oauth_consumer_key=\"k\",oauth_token=\"t\",oauth_nonce=\"n\",oauth_signature_method=\"HMAC-SHA256\",oauth_timestamp=\"1\",oauth_signature=\"c2ln\"\r\n\r\n",
            b"curl -X POST 'https://shop.example/oauth/token/request' -H 'Authorization: OAuth oauth_consumer_key=\"k\",oauth_signature=\"a\"' --data-raw 'a=b' -k",
            b"{\"label\":\"a\",\"method\":\"GET\",\"scheme\":\"https\",\"host\":\"x\",\"uri\":\"/rest/V1/x?a[]=1\",\"authorization\":\"OAuth oauth_consumer_key=\\\"k\\\",oauth_signature=\\\"s\\\"\"}\n",
            b"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://x/rest/V1/x\",\"headers\":[{\"name\":\"Authorization\",\"value\":\"OAuth oauth_consumer_key=\\\"k\\\"\"}]},\"response\":{\"status\":401,\"content\":{\"text\":\"{}\"}}}]}}",
            b"> GET /rest/V1/x HTTP/1.1\r\n> Host: x\r\n> Authorization: OAuth a=\"b\"\r\n< HTTP/1.1 401 Unauthorized\r\n",
        ],
    },
    Target {
        name: "reports",
        run: reports,
        seeds: &[
            b"{\"schema\":\"magespec-report/1\",\"cases\":[{\"id\":\"a/b\",\"verdict\":\"pass\"}]}",
            b"[[known]]\ncode = \"ACL002\"\nreason = \"x\"\n",
            b"{\"schema\":\"magespec-lint-baseline/1\",\"findings\":[]}",
            b"[[integrations]]\nconsumer_key = \"k\"\n",
        ],
    },
];

fn examined(bytes: &[u8]) {
    let entry = KeyringEntry {
        consumer_key: Some("k".to_owned()),
        consumer_secret: Secret::from("secret"),
        token: None,
        token_secret: Some(Secret::from("token secret")),
    };
    let keyring = Keyring::new(vec![entry]);
    let mut count = 0;
    let _ = doctor::read_each(bytes, &mut |request| {
        count += 1;
        if count <= 2 {
            let diagnosis = doctor::examine(count, &request, &keyring, <&Profile>::default());
            let _ = (doctor::pretty_one(&diagnosis), doctor::json_one(&diagnosis));
        }
    });
}

fn reports(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Baseline::parse(&text);
    let _ = serde_json::from_str::<Report>(&text);
    let _ = toml::from_str::<toml::Table>(&text);
    let _ = magespec::store::check_setting(&text);
}
