//! Signs one call of a Magento store, and verifies it as the store does.

use magespec::oauth::{Dialect, Request, SignatureMethod, Signer, SigningKey, verify};
use magespec::random::{self, SystemEntropy};
use magespec::time::{Clock as _, SystemClock};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let signer = Signer::new("consumer key", "consumer secret").token("access token", "token secret").dialect(Dialect::Laminas);
    let nonce = random::value(&SystemEntropy);
    let header = signer.authorization("GET", "https://shop.example/rest/V1/store/storeViews", &nonce, SystemClock.now())?;
    println!("Authorization: {header}");

    let request = Request {
        method: "GET",
        scheme: "https",
        host: "shop.example",
        target: "/rest/V1/store/storeViews",
        authorization: Some(&header),
        ..Request::default()
    };
    let key = SigningKey::new(&"consumer secret".into(), &"token secret".into());
    let method = verify(Dialect::Laminas, &[SignatureMethod::HmacSha256], &request, &key)?;
    println!("verified by {}", method.name());
    Ok(())
}
