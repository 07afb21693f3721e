//! `magespec app` as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Command, Stdio};

fn magespec(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_port_in_use_ends_with_2_and_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let output = magespec(&["app", "--ephemeral", "--listen", &address])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "error: cannot listen on {address}: the port is in use; stop the program that has it or choose another port (0 takes a free one)\n"
        )
    );
}

#[test]
fn arguments_that_cannot_be_used_end_with_2_and_say_what_was_expected() {
    let table = [
        (
            &["app", "--profile", "magento-1"][..],
            "choose one of magento-2.4.3",
        ),
        (
            &["app", "--exchange", "never"],
            "expected on-callback or on-login",
        ),
        (
            &["app", "--password-file", "/nowhere/x"],
            "error: cannot read `/nowhere/x`",
        ),
        (
            &["app", "--listen", "127.0.0.1:0", "--data", "/nowhere/x"],
            "error: cannot use `/nowhere/x.key`",
        ),
        (
            &["app", "--accounts", "/nowhere/x"],
            "error: cannot use `/nowhere/x`",
        ),
        (
            &["app", "--password", "x"],
            "a password needs a name: give --user NAME beside it",
        ),
        (&["app", "--networks", "all"], "expected private or public"),
        (
            &[
                "app",
                "--ephemeral",
                "--listen",
                "127.0.0.1:0",
                "--cacert",
                "/nowhere/x",
            ],
            "error: cannot use `/nowhere/x`",
        ),
    ];
    for (arguments, sentence) in table {
        let output = magespec(arguments).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(sentence), "{stderr}");
    }
}

#[test]
fn it_says_where_it_listens_and_tells_each_step() {
    let mut child = magespec(&["app", "--ephemeral", "--listen", "127.0.0.1:0"])
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    let address = first
        .strip_prefix("listening on http://")
        .and_then(|rest| rest.split_whitespace().next())
        .expect("the address");
    let mut socket = std::net::TcpStream::connect(address).expect("it listens");
    std::io::Write::write_all(
        &mut socket,
        b"POST /callback HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\noauth_consumer_key=k",
    )
    .expect("written");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("read");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let told = lines.next().expect("a line").expect("text");
    child.kill().expect("it still ran");
    child.wait().expect("it ended");
    assert!(
        told.contains("credentials POST   -  failed  the credentials POST lacks `oauth_consumer_secret`, `store_base_url` and `oauth_verifier`"),
        "{told}"
    );
}
