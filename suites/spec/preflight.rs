//! What is in the way of a run is said in one sentence before anything else is sent; what a store is like is noted.

use std::fs;
use std::net::TcpListener;

use super::processes::{Recorder, Store, answering, output, text};

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

#[test]
fn a_second_factor_is_told_from_a_wrong_password() {
    let page = "HTTP/1.1 200 OK\r\nContent-Length: 93\r\n\r\n<input name=\"form_key\" value=\"abcdefghijklmnop\"><input name=\"login[username]\"><a href=\"/x\"></a>";
    // The sign-in page at first; whoever posts to it is sent to the second factor.
    let url = {
        use std::io::{Read as _, Write as _};
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut chunk = [0; 4096];
                let count = stream.read(&mut chunk).unwrap_or_default();
                let request = String::from_utf8_lossy(&chunk[..count]).into_owned();
                let answer = if request.starts_with("POST /oauth/") {
                    "HTTP/1.1 400 Bad\r\nContent-Length: 15\r\n\r\noauth_problem=x"
                } else if request.starts_with("GET /rest/") {
                    "HTTP/1.1 401 No\r\nContent-Length: 69\r\n\r\n{\"message\":\"The consumer isn't authorized to access %resources.\"}    "
                } else if request.starts_with("POST /admin") {
                    "HTTP/1.1 302 Found\r\nLocation: /admin/tfa/tfa/requestconfig/\r\nContent-Length: 0\r\n\r\n"
                } else if request.starts_with("GET /admin/tfa") {
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ncode"
                } else {
                    page
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        url
    };
    let (exit, said) = tried(
        &url,
        &[
            "--admin-user",
            "ada",
            "--admin-password-file",
            "password.txt",
        ],
    );
    assert_eq!(exit, Some(2), "{said}");
    assert!(
        said.contains("asks for a second factor: give the secret of the authenticator app with --admin-otp-secret-file"),
        "{said}"
    );
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
            "looks like magento-2.4.3 because it takes HMAC-SHA1, customers cannot revoke their tokens over REST, a + in a query is signed as a plus sign and the path is signed as sent;",
        ),
        (
            "magento-2.4.5",
            "looks like magento-2.4.4 to magento-2.4.5 because it refuses HMAC-SHA1,",
        ),
        (
            "magento-2.4.7",
            "looks like magento-2.4.6 to magento-2.4.7 because it refuses HMAC-SHA1,",
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
