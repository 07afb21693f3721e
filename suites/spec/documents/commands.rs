//! The commands of the pages, run as a reader runs them: the blocks of a page one after the other in one shell and one empty folder.
//!
//! ` ```sh run ` is run and has to end well, ` ```sh run exit=1 ` has to end with 1, ` ```sh skip="reason" ` is not run. `https://shop.example`
//! is a reference store whose administrator is `ada` with the password in `password.txt`, and whose integration is in `integration.toml`;
//! `http://me.example:9080` is a free port of this machine. ` ```text output ` after a block is what it prints: its lines in this order, where
//! `…` stands for anything.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{name, pages, root, text};

/// What becomes of a block of shell.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Run { exit: u8 },
    Skip(String),
    Unmarked,
}

#[derive(Debug)]
struct Block {
    line: usize,
    fate: Fate,
    code: String,
    /// What it prints.
    output: Vec<String>,
}

fn fate(info: &str) -> Option<Fate> {
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    if !matches!(language, "sh" | "bash" | "console" | "shell") {
        return None;
    }
    if let Some(reason) = rest.strip_prefix("skip=\"") {
        return Some(Fate::Skip(reason.trim_end_matches('"').to_owned()));
    }
    let mut words = rest.split_whitespace();
    if words.next() != Some("run") {
        return Some(Fate::Unmarked);
    }
    let exit = words.find_map(|word| word.strip_prefix("exit=")?.parse().ok());
    Some(Fate::Run {
        exit: exit.unwrap_or(0),
    })
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = (1..).zip(page.lines());
    while let Some((line, opening)) = lines.next() {
        let Some(info) = opening.trim_start().strip_prefix("```") else {
            continue;
        };
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim_start().starts_with("```"))
            .collect();
        if info == "text output" {
            let last = blocks.last_mut().expect("output follows a block");
            last.output = body.iter().map(|line| (*line).to_owned()).collect();
        } else if let Some(fate) = fate(info) {
            blocks.push(Block {
                line,
                fate,
                code: body.join("\n"),
                output: Vec::new(),
            });
        }
    }
    blocks
}

/// A reference store that stands for the reader's own.
struct Store {
    child: Child,
    url: String,
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Store {
    /// Starts it, and writes what the pages say that the reader has.
    fn start(folder: &Path) -> Self {
        fs::write(folder.join("password.txt"), "Ada-Lovelace-1815").expect("a file");
        let ready = folder.join(".ready.json");
        let child = magespec(folder)
            .args(["serve", "--quiet", "--ephemeral", "--stop-with-parent"])
            .args(["--listen", "127.0.0.1:0", "--admin-user", "ada"])
            .args(["--admin-password-file", "password.txt"])
            .args(["--integration", "Orders"])
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::null())
            .spawn()
            .expect("the store starts");
        let start = Instant::now();
        let ready = loop {
            if let Ok(text) = fs::read_to_string(&ready)
                && let Ok(ready) = serde_json::from_str::<serde_json::Value>(&text)
            {
                break ready;
            }
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "the store is late"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        let mut credentials = String::new();
        for key in ["consumer_key", "consumer_secret", "token", "token_secret"] {
            let _ = writeln!(credentials, "{key} = {}", ready["integrations"][0][key]);
        }
        fs::write(folder.join("integration.toml"), credentials).expect("a file");
        Self {
            child,
            url: ready["url"]
                .as_str()
                .expect("a URL")
                .trim_end_matches('/')
                .to_owned(),
        }
    }
}

fn magespec(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    clean(&mut command).current_dir(folder);
    command
}

/// Without what this process was told for its own cases.
fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAGESPEC_")) {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1")
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Begins the output of the block of a line.
const MARK: &str = "\u{1}block ";

/// All blocks in one script; each begins its output with its line.
fn script(blocks: &[Block]) -> String {
    let mut script = "set -uo pipefail\n".to_owned();
    for block in blocks {
        if let Fate::Run { exit } = block.fate {
            let line = block.line;
            // A block that has to end well has to do so in each of its commands.
            let each = if exit == 0 { "-e" } else { "+e" };
            let _ = write!(
                script,
                "printf '{MARK}%s\\n' {line}\nset {each}\n{code}\n__code=$?\nset +e\n[ $__code -eq {exit} ] || {{ echo \"the block of line {line} ended with $__code, not with {exit}\" >&2; exit 99; }}\n",
                code = block.code,
            );
        }
    }
    script
}

/// Runs it in a group of its own, and ends what it left behind.
fn run(script: &str, folder: &Path, home: &Path) -> Output {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("timeout");
    clean(&mut command)
        .args(["--kill-after=5", "300", "bash", "-c", script])
        .env("PATH", format!("{}:{path}", home.display()))
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Into files: a server in the background that is left keeps a pipe open.
    let (out, err) = (home.join("out"), home.join("err"));
    let file = |path: &Path| fs::File::create(path).expect("a file");
    let mut child = command
        .stdout(file(&out))
        .stderr(file(&err))
        .spawn()
        .expect("bash and timeout are there");
    let status = child.wait().expect("it ends");
    let group = format!("-{}", child.id());
    let _ = Command::new("kill")
        .args(["-TERM", "--", &group])
        .stderr(Stdio::null())
        .status();
    Output {
        status,
        stdout: fs::read(out).expect("a file"),
        stderr: fs::read(err).expect("a file"),
    }
}

/// Whether a printed line is the one of the page, in which `…` stands for anything.
fn matches(printed: &str, line: &str) -> bool {
    let parts: Vec<&str> = line.trim_end().split('…').collect();
    let printed = printed.trim_end();
    let [first, middle @ .., last] = parts.as_slice() else {
        return printed == line.trim_end();
    };
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The line of the page that is not printed, if any.
fn missing<'a>(printed: &str, page: &'a [String]) -> Option<&'a str> {
    let mut printed = printed.lines();
    page.iter()
        .map(String::as_str)
        .filter(|line| !matches!(line.trim(), "" | "…"))
        .find(|line| !printed.any(|one| matches(one, line)))
}

fn holds(page: &str) {
    let all = blocks(&text(&root().join(page)));
    let code: String = all.iter().map(|block| block.code.as_str()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let home = tempfile::tempdir().expect("a folder");
    symlink(env!("CARGO_BIN_EXE_magespec"), home.path().join("magespec")).expect("a link");
    symlink(root().join("fixtures"), folder.path().join("fixtures")).expect("a link");
    symlink(root().join("examples"), folder.path().join("examples")).expect("a link");
    let store = code
        .contains("shop.example")
        .then(|| Store::start(folder.path()));
    let mut script = script(&all);
    if let Some(store) = &store {
        script = script.replace("https://shop.example", &store.url);
    }
    let port = free_port();
    script = script
        .replace(
            "http://me.example:9080",
            &format!("http://127.0.0.1:{port}"),
        )
        .replace("0.0.0.0:9080", &format!("127.0.0.1:{port}"));
    let output = run(&script, folder.path(), home.path());
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{page}:\n{printed}{errors}");
    for block in all.iter().filter(|block| !block.output.is_empty()) {
        let own = printed
            .split(MARK)
            .find_map(|part| part.strip_prefix(&format!("{}\n", block.line)))
            .unwrap_or_default();
        if let Some(line) = missing(own, &block.output) {
            panic!(
                "{page}:{}: prints no line\n{line}\nbut\n{own}{errors}",
                block.line
            );
        }
    }
}

/// A test for each page with commands, and their list.
macro_rules! pages {
    ($($test:ident = $page:literal;)+) => {
        const RUN: &[&str] = &[$($page),+];
        $(#[test]
        fn $test() {
            holds($page);
        })+
    };
}

pages! {
    the_readme = "README.md";
    an_app = "docs/test-an-app.md";
    a_store = "docs/test-a-store.md";
    an_extension = "docs/lint-an-extension.md";
    a_refused_signature = "docs/find-out-why-a-signature-is-refused.md";
    continuous_integration = "docs/use-it-in-ci.md";
    other_languages = "docs/drive-the-reference-store.md";
    a_case = "docs/write-a-case.md";
    a_profile = "docs/add-a-profile.md";
    security = "docs/security-model.md";
    comparison = "docs/comparison.md";
}

#[test]
fn every_command_of_a_page_is_run_or_says_why_not() {
    let mut wrong = Vec::new();
    for path in pages() {
        let page = name(&path);
        for block in blocks(&text(&path)) {
            let place = format!("{page}:{}", block.line);
            match block.fate {
                Fate::Unmarked => {
                    wrong.push(format!("{place}: neither `run` nor `skip=\"reason\"`"));
                }
                Fate::Skip(reason) if reason.len() < 10 => {
                    wrong.push(format!("{place}: no reason"));
                }
                Fate::Run { .. } if !RUN.contains(&page.as_str()) => {
                    wrong.push(format!("{place}: add the page to the list of this file"));
                }
                Fate::Run { .. } | Fate::Skip(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_output_is_held_line_by_line() {
    let page: Vec<String> = ["a … c", "…", "whole"].map(str::to_owned).into();
    assert_eq!(missing("a b c\nx\nwhole\n", &page), None);
    assert_eq!(missing("a b c\nwhole, and more\n", &page), Some("whole"));
    assert_eq!(missing("whole\na b c\n", &page), Some("whole"));
}

#[test]
fn a_block_that_ends_otherwise_is_told() {
    let all = blocks("```sh run exit=1\ntrue\n```\n```sh skip=\"none of ours\"\nfalse\n```\n");
    assert_eq!(all[0].fate, Fate::Run { exit: 1 });
    assert_eq!(all[1].fate, Fate::Skip("none of ours".to_owned()));
    let (folder, home) = (
        tempfile::tempdir().expect("one"),
        tempfile::tempdir().expect("two"),
    );
    let output = run(&script(&all), folder.path(), home.path());
    assert_eq!(output.status.code(), Some(99));
    let all = blocks("```sh run\nfalse\ntrue\n```\n");
    let output = run(&script(&all), folder.path(), home.path());
    assert_eq!(output.status.code(), Some(1), "each command counts");
}
