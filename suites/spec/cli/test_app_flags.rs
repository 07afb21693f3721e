//! The flags of `magespec test-app`, each with an app that it matters to.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use magespec::oauth::Signer;
use magespec::random::{self, SystemEntropy};
use magespec::text::form;
use magespec::time::{Clock as _, SystemClock};
use serde_json::Value;

use crate::spec::cli::processes::{Recorder, magespec, output, text};
use crate::spec::cli::test_app::{Heard, app, case, judged, say};

const COOKIE: &str = "sid=signed-in-0123456789";

/// A store that an app knows: what was posted, and its access token.
#[derive(Clone, Default)]
struct Known {
    key: String,
    secret: String,
    base: String,
    verifier: String,
    token: Option<(String, String)>,
}

impl Known {
    fn signer(&self) -> Signer {
        Signer::new(self.key.clone(), self.secret.clone())
    }

    fn ask(&self, signer: &Signer, method: &str, path: &str) -> Option<String> {
        let url = format!("{}{path}", self.base);
        let nonce = random::text(&SystemEntropy, 32);
        let authorization = signer.authorization(method, &url, &nonce, SystemClock.now());
        let (_, rest) = url.split_once("://")?;
        let (host, target) = rest.split_once('/')?;
        let mut stream = TcpStream::connect(host).ok()?;
        let text = format!(
            "{method} /{target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            authorization.ok()?
        );
        stream.write_all(text.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        Some(body.to_owned())
    }

    fn token(&self, signer: &Signer, path: &str) -> Option<(String, String)> {
        let body = self.ask(signer, "POST", path)?;
        let value = |name: &str| {
            let mut pairs = form::pairs(&body);
            let found = pairs.find(|(other, _)| other == name);
            found.map(|(_, value)| value)
        };
        Some((value("oauth_token")?, value("oauth_token_secret")?))
    }

    fn exchange(&mut self) -> Option<()> {
        let (token, secret) = self.token(&self.signer(), "oauth/token/request")?;
        let signer = self.signer().token(token, secret);
        let signer = signer.verifier(self.verifier.clone());
        self.token = Some(self.token(&signer, "oauth/token/access")?);
        Some(())
    }

    fn call(&self) -> Option<()> {
        let (token, secret) = self.token.clone()?;
        let signer = self.signer().token(token, secret);
        let path = "rest/V1/customerGroups/search?searchCriteria%5BpageSize%5D=20";
        self.ask(&signer, "GET", path).map(drop)
    }
}

/// An app that lets in whoever has the cookie, exchanges so long after it has sent the merchant back, and calls when `/sync` is asked for.
fn small(late: Duration) -> SocketAddr {
    let stores: Arc<Mutex<Vec<Known>>> = Arc::default();
    app(move |heard: &Heard, stream| {
        let path = heard.target.split('?').next().unwrap_or_default();
        let key = heard.field("oauth_consumer_key");
        match (heard.method.as_str(), path) {
            ("POST", "/callback") => {
                let mut stores = stores.lock().expect("nobody panics");
                stores.push(Known {
                    key,
                    secret: heard.field("oauth_consumer_secret"),
                    base: heard.field("store_base_url"),
                    verifier: heard.field("oauth_verifier"),
                    token: None,
                });
                say(stream, "200 OK", "");
            }
            (_, "/login") if heard.head.contains(COOKIE) => {
                let back = heard.field("success_call_back");
                say(stream, &format!("302 Found\r\nLocation: {back}"), "");
                thread::sleep(late);
                let mut stores = stores.lock().expect("nobody panics");
                if let Some(known) = stores.iter_mut().rfind(|known| known.key == key) {
                    known.exchange();
                }
            }
            (_, "/login") => say(
                stream,
                "200 OK",
                "<form method=post><input name=user><input type=password name=password></form>",
            ),
            (_, "/sync") => {
                let stores = stores.lock().expect("nobody panics").clone();
                for known in stores {
                    known.call();
                }
                say(stream, "200 OK", "");
            }
            _ => say(stream, "404 Not Found", ""),
        }
    })
}

fn verdict<'a>(report: &'a Value, id: &str) -> &'a str {
    case(report, id)["verdict"].as_str().expect("a verdict")
}

fn cookie_file(folder: &Path) {
    fs::write(folder.join("cookies.txt"), COOKIE).expect("a file is written");
}

const COOKIES: [&str; 2] = ["--cookie-file", "cookies.txt"];

#[test]
fn a_browser_that_has_signed_in_passes_and_one_whose_session_is_over_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let address = small(Duration::ZERO);
    let only = ["--only", "app/link/opens", "--only", "app/access-token/*"];
    cookie_file(folder);
    let (output, report) = judged(folder, address, &[&COOKIES[..], &only].concat());
    assert_eq!(verdict(&report, "app/access-token/arrives"), "pass");
    let said = text(&output);
    assert!(said.contains("leads to the return to the store"), "{said}");
    assert!(!said.contains(&COOKIE[4..]), "a cookie is shown: {said}");

    fs::write(folder.join("cookies.txt"), "sid=over").expect("a file is written");
    let (output, report) = judged(folder, address, &[&COOKIES[..], &only].concat());
    let said = text(&output);
    assert!(said.contains("its session is over"), "{said}");
    assert_ne!(verdict(&report, "app/access-token/arrives"), "pass");
}

#[test]
fn an_exchange_that_comes_late_needs_a_longer_wait() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    cookie_file(folder);
    let address = small(Duration::from_millis(2500));
    let only = ["--only", "app/request-token/arrives"];
    let (_, report) = judged(folder, address, &[&COOKIES[..], &only].concat());
    let arrives = case(&report, "app/request-token/arrives");
    assert_eq!(arrives["verdict"], "fail", "{arrives}");
    let expected = arrives["expected"].to_string();
    assert!(expected.contains("--wait"), "{expected}");

    let callback = format!("http://{address}/callback");
    let identity = format!("http://{address}/login");
    let output = magespec(folder)
        .args(["test-app", "--wait", "6", "--only", only[1]])
        .args(["--callback", &callback, "--identity-link", &identity])
        .args(COOKIES)
        .output()
        .expect("magespec runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_trigger_makes_the_app_call_by_url_and_by_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    cookie_file(folder);
    let address = small(Duration::ZERO);
    let only = ["--only", "app/calls/signature"];
    let (_, report) = judged(folder, address, &[&COOKIES[..], &only].concat());
    let id = "app/calls/signature";
    assert_eq!(verdict(&report, id), "not-applicable");
    let url = format!("http://{address}/sync");
    let python =
        format!("python3 -c \"import urllib.request; urllib.request.urlopen('{url}').read()\"");
    for (trigger, wanted) in [
        (url.as_str(), "pass"),
        (python.as_str(), "pass"),
        ("exit 7", "not-applicable"),
    ] {
        let more = ["--trigger", trigger];
        let (output, report) = judged(folder, address, &[&COOKIES[..], &only, &more].concat());
        let said = text(&output);
        if trigger == "exit 7" {
            assert!(said.contains("--trigger: the command ended with"), "{said}");
        } else {
            assert_eq!(verdict(&report, id), wanted, "{trigger}: {said}");
        }
    }
}

#[test]
fn a_person_passes_the_login_page_of_the_first_handshake() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = small(Duration::ZERO);
    let callback = format!("http://{address}/callback");
    let identity = format!("http://{address}/login");
    let mut running = magespec(folder.path())
        .args(["test-app", "--manual", "--wait", "2", "--format", "json"])
        .args(["--callback", &callback, "--identity-link", &identity])
        .args(["--only", "app/request-token/*", "--only", "app/life/*"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("magespec starts");
    let told = BufReader::new(running.stderr.take().expect("it is piped"));
    let mut lines = told.lines().map_while(Result::ok);
    let link = lines.find(|line| line.trim().starts_with(&identity));
    let link = link.expect("the address is printed").trim().to_owned();
    let visit = |url: &str, cookie: &str| {
        let (_, rest) = url.split_once("://").expect("a URL");
        let (host, target) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(
            stream,
            "GET /{target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        answer
    };
    let answer = visit(&link, COOKIE);
    let back = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    visit(back.expect("the way back"), "");
    let output = running.wait_with_output().expect("it ends");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let notes = report["notes"].to_string();
    assert!(notes.contains("after its login page"), "{notes}");
    assert_eq!(verdict(&report, "app/request-token/arrives"), "pass");
    assert_eq!(verdict(&report, "app/request-token/signature"), "pass");
    // Nobody is there for a second handshake.
    assert_eq!(verdict(&report, "app/life/re-authorised"), "not-applicable");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_store_behind_a_proxy_is_reached_under_its_public_url() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    cookie_file(folder);
    let address = small(Duration::ZERO);
    let local: SocketAddr = {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        free.local_addr().expect("an address")
    };
    let proxy = Recorder::before(local, |head| {
        let host = head.lines().find_map(|line| line.strip_prefix("Host: "));
        let host = host.unwrap_or_default().to_owned();
        head.replace(
            &format!("Host: {host}"),
            &format!("Host: store.internal\r\nX-Forwarded-Host: {host}"),
        )
    });
    let listen = local.to_string();
    let only = [
        "--only",
        "app/access-token/arrives",
        "--only",
        "app/request-token/signature",
    ];
    let through = ["--listen", &listen, "--public-url", &proxy.url];
    let (output, report) = judged(folder, address, &[&COOKIES[..], &only, &through].concat());
    for id in [only[1], only[3]] {
        assert_eq!(verdict(&report, id), "pass", "{}", text(&output));
    }
    let lines = proxy.lines().join("\n");
    assert!(lines.contains("POST /oauth/token/access"), "{lines}");

    // One that leads nowhere is told, and not put down to the app alone.
    let nowhere = ["--public-url", "http://127.0.0.1:9"];
    let (output, _) = judged(folder, address, &[&COOKIES[..], &only, &nowhere].concat());
    let said = text(&output);
    assert!(said.contains("no fault of the app"), "{said}");
}

#[test]
fn what_the_integration_asks_for_is_all_that_the_app_may_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    cookie_file(folder);
    let address = small(Duration::ZERO);
    let trigger = format!("http://{address}/sync");
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/modules/acme-orders");
    let modules = modules.to_str().expect("a path in UTF-8");
    fs::write(
        folder.join("enough.txt"),
        "# what it needs\nMagento_Customer::group\n",
    )
    .expect("a file is written");
    for (flag, value, wanted) in [
        ("--resources", "enough.txt", "pass"),
        ("--module", modules, "warn"),
    ] {
        let flags = ["--trigger", &trigger, flag, value];
        let only = ["--only", "app/calls/least-privilege"];
        let (output, report) = judged(folder, address, &[&COOKIES[..], &only, &flags].concat());
        let found = case(&report, only[1]);
        assert_eq!(found["verdict"], wanted, "{found} {}", text(&output));
    }
    fs::write(folder.join("empty.txt"), "# nothing\n").expect("a file is written");
    for (flag, value, sentence) in [
        ("--resources", "empty.txt", "it names none"),
        ("--resources", "absent.txt", "cannot use `absent.txt`"),
        ("--module", "absent", "absent"),
    ] {
        let all = ["test-app", "--callback", "http://127.0.0.1:9/", flag, value];
        let output = output(folder, &all);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains(sentence), "{}", text(&output));
    }
}

/// The reference app as a process that a script starts and ends: `restart.sh` in the folder. Its process id is in `pid`.
fn reference_app(folder: &Path, keeps: &str) -> SocketAddr {
    let address: SocketAddr = {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        free.local_addr().expect("an address")
    };
    fs::write(folder.join("password"), "correct horse 1").expect("a file is written");
    let binary = env!("CARGO_BIN_EXE_magespec");
    let script = format!(
        "if [ -f pid ]; then kill $(cat pid); while kill -0 $(cat pid) 2>/dev/null; do sleep 0.05; done; fi\n\
         {binary} app {keeps} --listen {address} --user merchant --password-file password >log 2>&1 &\n\
         echo $! >pid\n"
    );
    fs::write(folder.join("restart.sh"), script).expect("a file is written");
    address
}

fn restart(folder: &Path, address: SocketAddr) {
    let mut shell = std::process::Command::new("sh");
    let ended = shell.arg("restart.sh").current_dir(folder).status();
    assert!(ended.expect("a shell").success());
    let began = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_app_is_restarted_and_one_that_forgets_is_told_of() {
    for (keeps, wanted) in [("--data app.db", "pass"), ("--ephemeral", "warn")] {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let address = reference_app(folder, keeps);
        restart(folder, address);
        let login = ["--login-form", "user=merchant,password-file=password"];
        let script = ["--restart", "sh restart.sh", "--second-store"];
        let only = [
            "--only",
            "app/life/restarted-between",
            "--only",
            "app/life/two-stores",
        ];
        let (output, report) = judged(folder, address, &[&login[..], &script, &only].concat());
        let found = case(&report, only[1]);
        assert_eq!(found["verdict"], wanted, "{found} {}", text(&output));
        assert_eq!(verdict(&report, only[3]), "pass");
        let (_, report) = judged(folder, address, &[&login[..], &only].concat());
        for id in [only[1], only[3]] {
            assert_eq!(verdict(&report, id), "not-applicable");
        }
        let (output, report) = judged(
            folder,
            address,
            &[&login[..], &["--restart", "exit 4"], &only[..2]].concat(),
        );
        assert_eq!(verdict(&report, only[1]), "could-not-run");
        assert_eq!(output.status.code(), Some(3), "{}", text(&output));
        let pid = fs::read_to_string(folder.join("pid")).expect("a number");
        let mut kill = std::process::Command::new("kill");
        assert!(kill.arg(pid.trim()).status().expect("kill runs").success());
    }
}

#[test]
fn stores_that_speak_https_are_called_over_https() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let flags = [
        "test-app",
        "--tls-self-signed",
        "--tls-ca-out",
        "ca.pem",
        "--format",
        "json",
    ];
    let ended = output(folder, &flags);
    let report: Value = serde_json::from_slice(&ended.stdout).expect("a report");
    assert_eq!(ended.status.code(), Some(0), "{}", report["summary"]);
    assert_eq!(report["summary"]["warn"], 0, "{}", report["summary"]);
    assert_eq!(verdict(&report, "app/transport/self-signed"), "pass");
    assert_eq!(verdict(&report, "app/transport/http-1-0"), "pass");
    let timeline = report["timeline"].to_string();
    assert!(timeline.contains("to https://127.0.0.1:"), "{timeline}");
    let pem = fs::read_to_string(folder.join("ca.pem")).expect("the certificate");
    assert!(pem.contains("BEGIN CERTIFICATE"), "{pem}");

    // An app that does not know the certificate tells the store nothing.
    cookie_file(folder);
    let address = small(Duration::ZERO);
    let only = ["--tls-self-signed", "--only", "app/request-token/arrives"];
    let (ended, report) = judged(folder, address, &[&COOKIES[..], &only].concat());
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended));
    let actual = case(&report, only[2])["actual"].to_string();
    assert!(actual.contains("no request to the store"), "{actual}");

    let wrong = [
        "test-app",
        "--tls-self-signed",
        "--public-url",
        "http://store.example",
    ];
    let ended = output(folder, &wrong);
    assert_eq!(ended.status.code(), Some(2), "{}", text(&ended));
}
