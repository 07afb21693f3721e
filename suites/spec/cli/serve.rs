//! `magespec serve` as a process: ready file, log, restart after a kill, and what goes wrong at start.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A store in a process of its own; killed when it is dropped.
struct Served {
    child: Child,
    ready: Value,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAGESPEC_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).arg("serve");
    command
}

fn serve(folder: &Path, flags: &[&str]) -> Served {
    let file = folder.join("ready.json");
    let _ = fs::remove_file(&file);
    let child = command(folder)
        .args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"])
        .args(["--ready-file", "ready.json"])
        .args(flags)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("magespec starts");
    let mut served = Served {
        child,
        ready: Value::Null,
    };
    let began = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(&file) {
            served.ready = serde_json::from_str(&text).expect("the ready file is whole");
            return served;
        }
        let ended = served.child.try_wait().expect("it can be asked");
        assert!(ended.is_none(), "it ended early");
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Served {
    fn send(&self, which: &str, raw: &str) -> String {
        let url = self.ready[which].as_str().expect("an address");
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a time-out");
        stream.write_all(raw.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, which: &str, target: &str) -> String {
        self.send(
            which,
            &format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        )
    }
}

fn refused(folder: &TempDir, flags: &[&str]) -> (i32, String) {
    let output = command(folder.path())
        .args(flags)
        .output()
        .expect("magespec starts");
    let error = String::from_utf8(output.stderr).expect("text");
    assert!(!error.contains("panicked"), "{error}");
    (output.status.code().expect("an exit code"), error)
}

#[test]
fn it_says_where_it_is_logs_requests_and_stops_on_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut served = serve(folder.path(), &["--ephemeral"]);
    let answer = served.get("url", "/rest/V1/store/storeViews");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let token = served.ready["control_token"].as_str().expect("a token");
    let asked = format!(
        "GET /v1/clock HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    assert!(served.send("control_url", &asked).contains("\"now\""));
    let stopped = Command::new("kill")
        .args(["-TERM", &served.child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(stopped.success());
    let status = served.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    let read = |stream: Option<&mut dyn std::io::Read>| {
        let mut text = String::new();
        stream
            .expect("piped")
            .read_to_string(&mut text)
            .expect("text");
        text
    };
    let out = read(
        served
            .child
            .stdout
            .as_mut()
            .map(|stream| stream as &mut dyn std::io::Read),
    );
    let log = read(
        served
            .child
            .stderr
            .as_mut()
            .map(|stream| stream as &mut dyn std::io::Read),
    );
    assert!(out.ends_with("ready\n"), "{out}");
    let password = log
        .split("password  ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let password = password.expect("a made-up password is shown once");
    assert!(!out.contains(password), "secrets stay off stdout");
    assert_eq!(log.matches(password).count(), 1);
    for part in [
        "/rest/V1/store/storeViews",
        "401",
        "guest",
        "isn't authorized to access Magento_Backend::store",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
}

#[test]
fn the_panel_is_named_where_its_links_lead() {
    let folder = tempfile::tempdir().expect("a folder");
    for (flags, panel) in [
        (&[][..], "back/"),
        (&["--set", "web/seo/use_rewrites=0"][..], "index.php/back/"),
    ] {
        let flags = [&["--ephemeral", "--quiet", "--admin-path", "back"], flags].concat();
        let served = serve(folder.path(), &flags);
        let url = served.ready["url"].as_str().expect("an address");
        assert_eq!(served.ready["admin"], format!("{url}{panel}"));
        let answer = served.get("url", &format!("/{panel}"));
        assert!(answer.contains("login[username]"), "{answer}");
    }
}

#[test]
fn what_was_stored_before_a_kill_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = [
        "--data",
        "s.db",
        "--admin-password",
        "Admin-1234",
        "--quiet",
    ];
    let mut served = serve(folder.path(), &flags);
    let body = r#"{"group":{"code":"Press","tax_class_id":3}}"#;
    let login = r#"{"username":"admin","password":"Admin-1234"}"#;
    let post = |served: &Served, target: &str, token: &str, body: &str| {
        served.send(
            "url",
            &format!(
                "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
    };
    let answer = post(&served, "/rest/V1/integration/admin/token", "none", login);
    let token = answer
        .rsplit("\r\n")
        .next()
        .expect("a body")
        .trim_matches('"');
    let bearer = format!("Bearer {token}");
    let made = post(&served, "/rest/V1/customerGroups", &bearer, body);
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    served.child.kill().expect("killed");
    served.child.wait().expect("ended");

    let again = serve(folder.path(), &["--data", "s.db", "--quiet"]);
    let groups = again.send(
        "url",
        &format!("GET /rest/V1/customerGroups/search?searchCriteria HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {bearer}\r\n\r\n"),
    );
    assert!(
        groups.contains("\"Press\""),
        "the group and the key that signed the token are kept: {groups}"
    );
}

#[test]
fn bad_requests_get_a_well_formed_answer_and_the_store_lives_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = serve(
        folder.path(),
        &["--ephemeral", "--quiet", "--max-body-bytes", "1000"],
    );
    let long = "x".repeat(400_000);
    let many: Vec<String> = (0..3000).map(|number| format!("a{number}=1")).collect();
    let many = many.join("&");
    for raw in [
        format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {long}\r\n\r\n"),
        format!(
            "POST /rest/V1/customers HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n{long}"
        ),
        format!("GET /oauth/token/request?{many} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /rest/V1/products/%FF%00%0d%0aX:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .to_owned(),
        "nonsense\r\n\r\n".to_owned(),
    ] {
        let answer = served.send("url", &raw);
        assert!(
            answer.starts_with("HTTP/1.1 4"),
            "{}",
            &answer[..answer.len().min(200)]
        );
        assert!(!answer.contains("root:"));
    }
    let pipelined = "GET /rest/V1/directory/currency HTTP/1.1\r\nHost: x\r\n\r\nGET /rest/V1/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = served.send("url", pipelined);
    assert!(
        answer.contains("HTTP/1.1 200") && answer.contains("HTTP/1.1 404"),
        "{answer}"
    );
}

#[test]
fn what_is_wrong_at_start_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("no.db"),
        "this is no database at all, and long enough",
    )
    .expect("written");
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
    let taken = held.local_addr().expect("an address").to_string();
    let ephemeral = ["--ephemeral", "--listen", "127.0.0.1:0"];
    let with = |more: &[&'static str]| [&ephemeral[..], more].concat();
    let table: Vec<(Vec<&str>, &str)> = vec![
        (
            vec!["--ephemeral", "--control", "0.0.0.0:0"],
            "loopback interface only",
        ),
        (with(&["--profile", "magento-3"]), "magento-2.4.7"),
        (with(&["--modules", "absent"]), "`absent`"),
        (
            with(&["--base-url", "shop.example"]),
            "`shop.example` is no base URL",
        ),
        (
            with(&["--base-url", "http://shop.example/sub?x"]),
            "a host and maybe a folder",
        ),
        (with(&["--set", "nonsense"]), "PATH=VALUE"),
        (with(&["--customer", "nobody"]), "EMAIL:PASSWORD"),
        (with(&["--limited-admin", "clerk:"]), "USER:PASSWORD"),
        (
            with(&["--limited-admin", "Admin:Secret-123"]),
            "`admin` cannot be the administrator and a limited one",
        ),
        (
            with(&["--admin-path", "rest"]),
            "cannot be the panel's path",
        ),
        (with(&["--admin-password-file", "absent.txt"]), "absent.txt"),
        (
            with(&["--tls-cert", "absent.pem", "--tls-key", "absent.key"]),
            "absent.pem",
        ),
        (with(&["--rest-fixtures", "absent"]), "absent"),
        (vec!["--listen", "127.0.0.1:0", "--data", "no.db"], "no.db"),
    ];
    for (flags, part) in table {
        let (code, error) = refused(&folder, &flags);
        assert_eq!(code, 2, "{flags:?}: {error}");
        assert!(
            error.starts_with("error: ") && error.contains(part),
            "{flags:?}: {error}"
        );
    }
    let (code, error) = refused(&folder, &["--ephemeral", "--listen", &taken]);
    assert_eq!(code, 2);
    assert!(
        error.contains(&taken) && error.contains("in use"),
        "{error}"
    );
}

#[test]
fn a_database_is_named_once_and_its_password_is_never_shown() {
    const URL: &str = "postgres://shop:Database-Hidden-9@127.0.0.1:9/shop";
    let folder = tempfile::tempdir().expect("a folder");
    for other in [&["--ephemeral"][..], &["--data", "s.db"]] {
        let (code, error) = refused(&folder, &[&["--database", URL], other].concat());
        assert_eq!(code, 2);
        assert!(error.contains("cannot be used with"), "{error}");
        assert!(!error.contains("Hidden-9"), "{error}");
    }
    let file = folder.path().join("magespec.toml");
    fs::write(&file, format!("[serve]\ndatabase = \"{URL}\"\n")).expect("written");
    let help = command(folder.path()).arg("--help").output();
    let help = String::from_utf8(help.expect("it runs").stdout).expect("text");
    assert!(help.contains("--database <URL>"), "{help}");
    assert!(!help.contains("Hidden-9"), "{help}");
    drop(serve(folder.path(), &["--ephemeral", "--quiet"]));
    drop(serve(folder.path(), &["--data", "s.db", "--quiet"]));
    assert!(
        folder.path().join("s.db").exists(),
        "the flag wins over the file"
    );
    fs::write(&file, "[serve]\nephemeral = true\n").expect("written");
    drop(serve(folder.path(), &["--data", "t.db", "--quiet"]));
    assert!(
        folder.path().join("t.db").exists(),
        "the flag wins over the file"
    );
    let both = format!("[serve]\nephemeral = true\ndatabase = \"{URL}\"\n");
    fs::write(&file, both).expect("written");
    let (code, error) = refused(&folder, &["--listen", "127.0.0.1:0"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("--database cannot be used with --ephemeral"),
        "{error}"
    );
    assert!(!error.contains("Hidden-9"), "{error}");
}

#[cfg(not(feature = "postgres"))]
#[test]
fn without_its_cargo_feature_a_database_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = "postgres://shop:Database-Hidden-9@127.0.0.1/shop";
    let (code, error) = refused(&folder, &["--listen", "127.0.0.1:0", "--database", url]);
    assert_eq!(code, 2);
    assert!(error.contains("cargo feature `postgres`"), "{error}");
    assert!(!error.contains("Hidden-9"), "{error}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
}
