//! What is in the way of a run is said in one sentence before anything else is sent; what a store is like is noted.

use std::fs;
use std::net::TcpListener;

use crate::spec::cli::processes::{Recorder, Store, answering, output, text};

/// Runs one case against `url`; answers the exit code and what was said.
fn tried(url: &str, more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("password.txt"), "Wrong-1234").expect("written");
    let arguments = [
        "test",
        url,
        "--only",
        "guest/open/countries",
        "--timeout",
        "5",
    ];
    let output = output(folder.path(), &[&arguments[..], more].concat());
    (output.status.code(), text(&output))
}

#[test]
fn what_is_no_store_is_said_in_one_sentence() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", closed.local_addr().expect("an address"));
    drop(closed);
    let table = [
        (nobody, 4, "refuses the connection"),
        ("http://magespec.invalid".to_owned(), 4, "has no address"),
        (answering("this is no HTTP\n"), 4, "is no Magento store"),
        (
            answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
            4,
            "is no Magento store: GET /rest/V1/store/storeViews without credentials answered 200",
        ),
        (
            answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            4,
            "installed in a folder or needs index.php",
        ),
        (
            answering(
                "HTTP/1.1 301 Moved\r\nLocation: https://shop.example/\r\nContent-Length: 0\r\n\r\n",
            ),
            2,
            "on to https://shop.example/: give the store's own base URL",
        ),
        (
            answering("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"),
            2,
            "asks for a password of its web server",
        ),
        (
            answering("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"),
            4,
            "in maintenance or down",
        ),
        ("shop.example".to_owned(), 2, "is not a usable URL"),
    ];
    for (url, code, sentence) in table {
        let (exit, said) = tried(&url, &[]);
        assert_eq!(exit, Some(code), "{url}: {said}");
        assert!(
            said.starts_with("error: ") && said.contains(sentence),
            "{url}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_panel_that_cannot_be_used_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &["--admin-path", "backend"]);
    let admin = ["--admin-user", "admin", "--admin-password-file"];
    let right = folder.path().join("password.txt").display().to_string();
    let with = |more: &[&str]| tried(&store.url(), &[&admin[..], more].concat());
    for (more, code, sentence) in [
        (vec![right.as_str()], 2, "give its path with --admin-path"),
        (
            vec!["password.txt", "--admin-path", "/backend"],
            2,
            "refuses the user `admin`: check --admin-user and the password",
        ),
        (
            vec![right.as_str(), "--admin-path", "backend/"],
            0,
            "no deviation in ",
        ),
        (
            vec![
                right.as_str(),
                "--admin-path",
                "backend",
                "--public-url",
                "http://127.0.0.1:9",
            ],
            2,
            "give --listen and --public-url",
        ),
    ] {
        let (exit, said) = with(&more);
        assert_eq!(exit, Some(code), "{more:?}: {said}");
        assert!(said.contains(sentence), "{more:?}: {said}");
    }
    assert_eq!(
        store.integrations(),
        Vec::<String>::new(),
        "a preflight leaves nothing behind"
    );
}

/// A panel that lets nobody in without a second factor: the sign-in page at first, whoever posts to it is sent to this path, which shows
/// this page. A one-time password is refused.
fn with_second_factor(path: &'static str, page: &'static str) -> String {
    use std::io::{Read as _, Write as _};
    const SIGN_IN: &str = "<input name=\"form_key\" value=\"abcdefghijklmnop\"><input name=\"login[username]\"><a href=\"/x\"></a>";
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut chunk = [0; 4096];
            let mut count = stream.read(&mut chunk).unwrap_or_default();
            let head = String::from_utf8_lossy(&chunk[..count]).to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1);
            let awaits = length.is_some_and(|length| !length.starts_with("0\r"));
            if awaits && head.ends_with("\r\n\r\n") {
                count += stream.read(&mut chunk[count..]).unwrap_or_default();
            }
            let request = String::from_utf8_lossy(&chunk[..count]).into_owned();
            let body = |body: &str| {
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )
            };
            let code = request.rsplit("tfa_code=").next().unwrap_or_default();
            let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
            let answer = if request.starts_with("POST /oauth/") {
                "HTTP/1.1 400 Bad\r\nContent-Length: 15\r\n\r\noauth_problem=x".to_owned()
            } else if request.starts_with("GET /rest/") {
                "HTTP/1.1 401 No\r\nContent-Length: 69\r\n\r\n{\"message\":\"The consumer isn't authorized to access %resources.\"}    ".to_owned()
            } else if request.starts_with("POST /admin/tfa/google/authpost/key/ab12/")
                && digits
                && request.contains("form_key=abcdefghijklmnop")
            {
                body("{\"success\":false,\"message\":\"Invalid code\"}")
            } else if request.starts_with("POST /admin ") {
                format!("HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n")
            } else if request.starts_with("GET /admin/tfa") {
                body(page)
            } else {
                body(SIGN_IN)
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_second_factor_is_told_from_a_wrong_password() {
    const STEP: &str = r#"<script>var BASE_URL = 'x'; var FORM_KEY = 'abcdefghijklmnop';</script><script type="text/x-magento-init">{"postUrl":"http:\/\/127.0.0.1\/admin\/tfa\/google\/authpost\/key\/ab12\/"}</script>"#;
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("otp.txt");
    fs::write(&secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n").expect("written");
    let secret = secret.display().to_string();
    let admin = [
        "--admin-user",
        "ada",
        "--admin-password-file",
        "password.txt",
    ];
    let with_secret = [&admin[..], &["--admin-otp-secret-file", &secret]].concat();
    for (path, page, flags, sentence) in [
        (
            "/admin/tfa/google/auth/key/ab12/",
            STEP,
            &admin[..],
            "asks for a second factor: give the secret of the authenticator app with --admin-otp-secret-file",
        ),
        (
            "/admin/tfa/google/auth/key/ab12/",
            STEP,
            &with_secret[..],
            "refuses the one-time password: Invalid code; check --admin-otp-secret-file and both clocks",
        ),
        (
            "/admin/tfa/tfa/requestconfig/",
            "code",
            &with_secret[..],
            "it leads to /admin/tfa/tfa/requestconfig/, not to the step of the authenticator app",
        ),
    ] {
        let (exit, said) = tried(&with_second_factor(path, page), flags);
        assert_eq!(exit, Some(2), "{said}");
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn credentials_that_are_refused_end_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let file = folder.path().join("c.toml");
    fs::write(
        &file,
        "consumer_key = \"a\"\nconsumer_secret = \"b\"\ntoken = \"c\"\ntoken_secret = \"d\"",
    )
    .expect("written");
    let (exit, said) = tried(
        &store.url(),
        &["--credentials", &file.display().to_string()],
    );
    assert_eq!(exit, Some(2), "{said}");
    assert!(
        said.contains("the credentials are refused: GET /rest/V1/store/storeViews answered 400"),
        "{said}"
    );
}

#[test]
fn a_proxy_that_hides_the_host_is_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    // As a proxy does that passes its upstream's name on: the store signs for another host than the one that was asked.
    let proxy = Recorder::before(store.address(), |head| {
        let lines: Vec<String> = head
            .split("\r\n")
            .map(|line| match line.strip_prefix("Host: ") {
                Some(host) => format!("Host: {}", host.split(':').next().unwrap_or(host)),
                None => line.to_owned(),
            })
            .collect();
        lines.join("\r\n")
    });
    let password = folder.path().join("password.txt").display().to_string();
    let (exit, said) = tried(
        &proxy.url,
        &["--admin-user", "admin", "--admin-password-file", &password],
    );
    assert_eq!(exit, Some(2), "{said}");
    assert!(
        said.contains("the store takes itself for http://127.0.0.1 and not for http://127.0.0.1:"),
        "{said}"
    );
    assert_eq!(store.integrations(), Vec::<String>::new());
}

#[test]
fn each_profile_is_told_by_what_its_store_answers() {
    for (profile, guess) in [
        (
            "magento-2.4.3",
            "looks like magento-2.4.3 because it takes HMAC-SHA1, GraphQL without a query is a 200, customers cannot revoke their tokens over REST, a + in a query is signed as a plus sign and the path is signed as sent;",
        ),
        (
            "magento-2.4.5",
            "looks like magento-2.4.4 to magento-2.4.5 because it refuses HMAC-SHA1,",
        ),
        (
            "magento-2.4.6",
            "looks like magento-2.4.6 because it refuses HMAC-SHA1, GraphQL without a query is a 200,",
        ),
        (
            "magento-2.4.7",
            "looks like magento-2.4.7 because it refuses HMAC-SHA1, GraphQL without a query is a 500,",
        ),
        (
            "magento-2.4.9",
            "looks like magento-2.4.8 to magento-2.4.9 because it refuses HMAC-SHA1,",
        ),
        (
            "magento-docs",
            "looks like magento-docs or rfc5849 because it takes HMAC-SHA1,",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::start(folder.path(), &["--profile", profile]);
        let password = folder.path().join("password.txt").display().to_string();
        let (_, said) = tried(
            &store.url(),
            &["--admin-user", "admin", "--admin-password-file", &password],
        );
        assert!(said.contains(guess), "{profile}: {said}");
        let advice = "you chose magento-2.4.7: expect failures, or give --profile";
        assert_eq!(
            said.contains(advice),
            profile != "magento-2.4.7",
            "{profile}: {said}"
        );
    }
}
