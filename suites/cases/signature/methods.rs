//! # Signature methods
//!
//! HMAC-SHA256 is the one that every Magento 2 store of today takes; HMAC-SHA1, which RFC 5849 knows, is refused since 2.4.4. A name is
//! compared byte by byte.
//!
//! Source: RFC 5849 §3.4, docs/protocol/signatures.md#methods, docs/protocol/signatures.md#key-and-comparison.

use magespec::conformance::{Case, Need, said};
use magespec::oauth::SignatureMethod;

macro_rules! unsupported {
    ($make:ident, $id:literal, $name:literal) => {
        Case::$make(
            concat!("signature/method/unsupported/", $id),
            concat!("the method `", $name, "` is not supported"),
            |lab| {
                lab.refuses(
                    &lab.e1()?,
                    |r| r.set("oauth_signature_method", $name),
                    said::method(lab.compared($name)),
                )
            },
        )
        .covers(&["store-method-list"])
        .measured()
        .by_dialect()
    };
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "signature/method/hmac-sha1",
        "HMAC-SHA1 is accepted or refused as the profile says",
        |lab| {
            if lab.profile().methods.contains(&SignatureMethod::HmacSha1) {
                return lab.accepts(&lab.e1()?, |r| r.set("oauth_signature_method", "HMAC-SHA1"));
            }
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_signature_method", "HMAC-SHA1"),
                said::method("HMAC-SHA1"),
            )
        },
    )
    .covers(&["store-sha1-by-release"])
    .follows(|one, other| one.methods == other.methods)
    .measured(),
    Case::security(
        "signature/method/unsupported/plaintext",
        "PLAINTEXT is not supported",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_signature_method", "PLAINTEXT"),
                said::method("PLAINTEXT"),
            )
        },
    )
    .covers(&["store-method-list"])
    .measured(),
    Case::security(
        "signature/method/plaintext-with-its-key",
        "PLAINTEXT with the right key is not supported either",
        |lab| {
            let key = |r: &magespec::conformance::Draft| format!("{}&", r.consumer_secret_text());
            lab.refuses(
                &lab.e1()?,
                |r| {
                    let signature = key(r);
                    r.set("oauth_signature_method", "PLAINTEXT")
                        .signature(&signature)
                },
                said::method("PLAINTEXT"),
            )
        },
    )
    .covers(&["store-method-list"])
    .measured(),
    unsupported!(must, "rsa-sha1", "RSA-SHA1"),
    unsupported!(must, "rsa-sha256", "RSA-SHA256"),
    unsupported!(must, "hmac-sha512", "HMAC-SHA512"),
    unsupported!(must, "md5", "MD5"),
    unsupported!(must, "lower-case", "hmac-sha256"),
    unsupported!(must, "trailing-blank", "HMAC-SHA256 "),
    unsupported!(must, "underscore", "HMAC_SHA256"),
    unsupported!(must, "no-dash", "HMACSHA256"),
    Case::security(
        "signature/method/markup",
        "markup in the method's name comes back encoded",
        |lab| {
            let name = "<script>alert(1)</script>";
            let refused = said::method(lab.compared(name)).into();
            let answer = lab.probe(
                &lab.e1()?,
                |r| r.set("oauth_signature_method", name),
                &refused,
            )?;
            lab.holds(!answer.text().contains('<'), "no raw <", answer.text())
        },
    )
    .by_dialect()
    .covers(&["store-problem-body", "store-no-markup"])
    .measured(),
    Case::profile(
        "signature/method/rest-shape",
        "REST gives the template and the method apart",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_signature_method", "MD5"),
                said::method("MD5"),
            )
        },
    )
    .covers(&["store-rest-template"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "signature/method/access-token-shape",
        "E2 refuses an unsupported method as E1 does",
        |lab| {
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_signature_method", "MD5"),
                said::method("MD5"),
            )
        },
    )
    .covers(&["store-method-list"])
    .measured(),
];
