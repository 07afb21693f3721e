//! Verifiers in other languages, each a live process, measured in turn with ours over the same signed requests.
//!
//! A peer is started with the path of a file: a line per request, `shape`, `right` or `wrong`, method, URL, `Authorization`, content type
//! and body between tabs. It reads the file, verifies every line, and writes one line: its name and, after tabs, the shapes of which it
//! accepted all that is right and refused all that is wrong. Then it reads commands, `shape` tab `count`, and answers each with the
//! nanoseconds that so many verifications took, each from the text of its request. One that cannot run says why on stderr and fails.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use magespec::oauth::sample::{Sample, Shape};
use magespec::oauth::{Dialect, SignatureMethod};

use crate::report::{Gate, Row};
use crate::{REQUESTS, Run, samples, verifier};

const METHOD: SignatureMethod = SignatureMethod::HmacSha1;

const SHAPES: [Shape; 3] = [Shape::SmallGet, Shape::FormPost, Shape::SearchGet];

/// Rounds, batches and the time before the first round, in which just-in-time compilers do their work.
const ROUNDS: usize = 41;
const BATCH: Duration = Duration::from_millis(8);
const WARM_UP: Duration = Duration::from_millis(500);

/// Which peers there are: the library, the program, its arguments, and how much slower it must be at the small GET.
const PEERS: [(&str, &str, &[&str], Option<f64>); 8] = [
    ("gomodule/oauth1", "go", &[], Some(10.0)),
    ("signpost", "java", &["Signpost.java"], Some(10.0)),
    (
        "PECL oauth",
        "php",
        &["-dopcache.enable_cli=1", "pecl_peer.php"],
        Some(15.0),
    ),
    (
        "laminas-oauth",
        "php",
        &["-dopcache.enable_cli=1", "magento_peer.php"],
        Some(40.0),
    ),
    ("oauthlib", "python3", &["oauthlib_peer.py"], Some(200.0)),
    (
        "node oauth-1.0a",
        "node",
        &["node_peer.js", "oauth-1.0a"],
        None,
    ),
    ("node oauth", "node", &["node_peer.js", "oauth"], None),
    ("Net::OAuth", "perl", &["net_oauth_peer.pl"], None),
];

/// A rewrite stands in for the library of this name, and has no gate.
const REWRITTEN: &str = "rewritten";

struct Peer {
    name: String,
    /// The shapes that it verifies right.
    shapes: Vec<String>,
    gate: Option<f64>,
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A row per shape and peer, and a sentence for each peer that is left out.
pub(crate) fn rows(rounds: usize) -> (Vec<Row>, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("magespec-ratio-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made for the requests");
    let requests = folder.join("requests.tsv");
    std::fs::write(&requests, lines()).expect("the requests can be written");
    let (mut peers, mut skipped) = (Vec::new(), Vec::new());
    for (library, program, arguments, gate) in PEERS {
        match start(program, arguments, &folder, &requests) {
            Ok(peer) => peers.push(Peer { gate, ..peer }),
            Err(reason) => skipped.push(format!("{library}: skipped: {reason}")),
        }
    }
    for peer in &peers {
        if let (true, Some(gate)) = (peer.name.contains(REWRITTEN), peer.gate) {
            let name = &peer.name;
            skipped.push(format!(
                "{name}: the gate of ≥ {gate} is for the library, which is not installed"
            ));
        }
    }
    let mut rows = Vec::new();
    for shape in SHAPES {
        rows.extend(shape_rows(
            shape,
            &mut peers,
            rounds.min(ROUNDS),
            &mut skipped,
        ));
    }
    for peer in peers {
        drop(peer.commands);
        let mut child = peer.child;
        child.wait().expect("a peer ends with its commands");
    }
    // What is left behind in a temporary folder harms nobody.
    let _ = std::fs::remove_dir_all(folder);
    (rows, skipped)
}

fn shape_rows(
    shape: Shape,
    peers: &mut [Peer],
    rounds: usize,
    skipped: &mut Vec<String>,
) -> Vec<Row> {
    let name = shape.name();
    let is_able = |peer: &&mut Peer| peer.shapes.iter().any(|able| able == name);
    for peer in peers.iter_mut().filter(|peer| !is_able(peer)) {
        skipped.push(format!(
            "{}: left out of {name}, which it judges wrong",
            peer.name
        ));
    }
    let mut able: Vec<&mut Peer> = peers.iter_mut().filter(is_able).collect();
    let mut ours = verifier(shape, Dialect::Rfc5849, METHOD);
    let own_count = batch(BATCH, |count| own(&mut ours, count));
    let counts: Vec<usize> = (able.iter_mut())
        .map(|peer| batch(BATCH, |count| peer.run(name, count)))
        .collect();
    let mut ratios = vec![Vec::new(); able.len()];
    for round in 0..rounds {
        let own = own(&mut ours, own_count);
        for place in 0..able.len() {
            let at = (place + round) % able.len();
            ratios[at].push(able[at].run(name, counts[at]) / own);
        }
    }
    (able.iter().zip(&ratios))
        .map(|(peer, ratios)| {
            let gated = shape == Shape::SmallGet && !peer.name.contains(REWRITTEN);
            let gate = peer.gate.filter(|_| gated).map(Gate::AtLeast);
            let candidate = format!("{} / verify rfc5849", peer.name);
            Row::new(&format!("{name} other languages"), &candidate, ratios, gate)
        })
        .collect()
}

/// Runs for a while, and says how many runs take `time`.
fn batch(time: Duration, mut run: impl FnMut(usize) -> f64) -> usize {
    let begun = Instant::now();
    let mut each = run(usize::from(REQUESTS));
    while begun.elapsed() < WARM_UP {
        each = each.min(run(usize::from(REQUESTS)));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small positive number"
    )]
    let count = (time.as_secs_f64() * 1e9 / each).ceil() as usize;
    count
}

/// Nanoseconds of one of our verifications.
fn own(run: &mut Run<'_>, count: usize) -> f64 {
    let start = Instant::now();
    for at in 0..count {
        assert!(
            run(at % usize::from(REQUESTS)),
            "a right request is accepted"
        );
    }
    each(start.elapsed().as_secs_f64() * 1e9, count)
}

#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
fn each(nanoseconds: f64, count: usize) -> f64 {
    nanoseconds / count as f64
}

impl Peer {
    /// Nanoseconds of one of its verifications.
    fn run(&mut self, shape: &str, count: usize) -> f64 {
        writeln!(self.commands, "{shape}\t{count}").expect("a peer reads its commands");
        let mut answer = String::new();
        (self.answers.read_line(&mut answer)).expect("a peer answers in text");
        let nanoseconds = answer.trim().parse();
        each(
            nanoseconds.unwrap_or_else(|_| panic!("{} answers {answer:?}", self.name)),
            count,
        )
    }
}

/// Starts a peer and reads its greeting, or says why it cannot be measured.
fn start(
    program: &str,
    arguments: &[&str],
    folder: &Path,
    requests: &Path,
) -> Result<Peer, String> {
    let scripts = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers"));
    let mut command = match program {
        "go" => Command::new(compiled(&scripts.join("go"), folder)?),
        _ => Command::new(program),
    };
    // Debian's place, unless the user has another.
    if program == "java" && std::env::var_os("CLASSPATH").is_none() {
        let jars =
            ["signpost-core", "commons-codec"].map(|jar| format!("/usr/share/java/{jar}.jar"));
        command.env("CLASSPATH", jars.join(":"));
    }
    for argument in arguments {
        let script = scripts.join(argument);
        if script.exists() {
            command.arg(script);
            // The file comes first, and what else a script wants behind it.
            command.arg(requests);
        } else {
            command.arg(argument);
        }
    }
    if arguments.is_empty() {
        command.arg(requests);
    }
    let mut child = (command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped()))
    .spawn()
    .map_err(|_| format!("{program} not found"))?;
    let (commands, answers) = (child.stdin.take(), child.stdout.take());
    let commands = commands.expect("it is piped");
    let mut answers = BufReader::new(answers.expect("it is piped"));
    let mut greeting = String::new();
    let read = answers.read_line(&mut greeting);
    let mut fields = greeting.trim_end().split('\t').map(str::to_owned);
    let greeted = fields
        .next()
        .filter(|name| read.is_ok() && !name.is_empty());
    let Some(name) = greeted else {
        drop(commands);
        let output = child.wait_with_output();
        let output = output.map_err(|error| error.to_string())?;
        return Err(last_line(&output.stderr, program));
    };
    Ok(Peer {
        name,
        shapes: fields.collect(),
        gate: None,
        child,
        commands,
        answers,
    })
}

/// The Go peer, compiled against Debian's package of the module or one below the user's own `GOPATH`.
fn compiled(source: &Path, folder: &Path) -> Result<PathBuf, String> {
    let binary = folder.join("go-peer");
    let home = std::env::var("GOPATH").map_or(String::new(), |path| path + ":");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&binary)
        .arg(".")
        .current_dir(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", home + "/usr/share/gocode")
        .output()
        .map_err(|_| "go not found".to_owned())?;
    if output.status.success() {
        return Ok(binary);
    }
    Err(last_line(&output.stderr, "go"))
}

fn last_line(text: &[u8], program: &str) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.map_or_else(
        || format!("{program} ends without a word"),
        |line| line.trim().to_owned(),
    )
}

/// The file of requests: of each shape the right ones, and two wrong ones that a verifier must tell from them.
fn lines() -> String {
    let mut text = String::new();
    for shape in SHAPES {
        let all = samples(shape, Dialect::Rfc5849, METHOD);
        for sample in &all {
            push_line(&mut text, shape, "right", sample, None);
        }
        let header = all[0].request().authorization.expect("a sample is signed");
        push_line(&mut text, shape, "wrong", &all[1], Some(header));
        push_line(
            &mut text,
            shape,
            "wrong",
            &all[0],
            Some(&with_another_signature(header)),
        );
    }
    text
}

fn push_line(
    text: &mut String,
    shape: Shape,
    verdict: &str,
    sample: &Sample,
    header: Option<&str>,
) {
    let request = sample.request();
    let header = header
        .or(request.authorization)
        .expect("a sample is signed");
    writeln!(
        text,
        "{}\t{verdict}\t{}\t{}://{}{}\t{header}\t{}\t{}",
        shape.name(),
        request.method,
        request.scheme,
        request.host,
        request.target,
        request.content_type.unwrap_or_default(),
        String::from_utf8_lossy(request.body),
    )
    .expect("a string takes every text");
}

/// One character of the signature is another, in the middle of the text.
fn with_another_signature(header: &str) -> String {
    let (before, signature) = header
        .split_once("oauth_signature=\"")
        .expect("it is signed");
    let (at, letter) = (signature.bytes().enumerate().skip(10))
        .find(|&(_, byte)| byte.is_ascii_lowercase())
        .expect("base64 of 20 bytes has a lower-case letter");
    let other = if letter == b'z' { 'y' } else { 'z' };
    format!(
        "{before}oauth_signature=\"{}{other}{}",
        &signature[..at],
        &signature[at + 1..]
    )
}
