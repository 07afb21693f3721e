//! What a signature costs a store: signed calls beside the same answer to a guest, in turn, in one run.
//!
//! The store is a process of its own, so that its processor time is read apart from the client's. Three of them: with everything in memory,
//! with nonces on disk before the answer, and with nonces a moment later. `cargo bench --bench store` prints rates, times and ratios, and exits
//! with 1 when a gate is missed; `-- --rounds N --requests N` for other lengths.

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use magespec::oauth::Profile;
use magespec::oauth::{Request, SignatureMethod, SignedHeader, SigningKey};
use magespec::secret::Secret;
use magespec::time::UnixTime;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 64;
const TARGET: &str = "/rest/V1/store/storeViews";

/// A store and the gates that it has to hold.
struct Kind {
    name: &'static str,
    flags: &'static [&'static str],
    /// Processor time of a signed call over that of a guest's, at most.
    cost: Option<f64>,
    /// Rate of signed calls over that of a guest's, at least.
    rate: Option<f64>,
}

const KINDS: [Kind; 3] = [
    Kind {
        name: "memory",
        flags: &["--ephemeral"],
        cost: Some(1.40),
        rate: None,
    },
    Kind {
        name: "durable",
        flags: &["--data", "store.db"],
        cost: None,
        rate: Some(0.60),
    },
    Kind {
        name: "fast nonces",
        flags: &["--data", "fast.db", "--fast-nonces"],
        cost: None,
        rate: Some(0.60),
    },
];

struct Server {
    child: Child,
    address: String,
    integration: Value,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(folder: &Path, flags: &[&str]) -> Self {
        let ready = folder.join("ready.json");
        let _ = std::fs::remove_file(&ready);
        let child = Command::new(env!("CARGO_BIN_EXE_magespec"))
            .current_dir(folder)
            .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
            .args(["--ready-file", "ready.json", "--stop-with-parent"])
            .args(["--integration", "Bench"])
            .args(["--set", "webapi/webapisecurity/allow_insecure=1"])
            .args(flags)
            .stderr(Stdio::inherit())
            .spawn()
            .expect("magespec starts");
        let began = Instant::now();
        let text = loop {
            if let Ok(text) = std::fs::read_to_string(&ready) {
                break text;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
            std::thread::sleep(Duration::from_millis(10));
        };
        let ready: Value = serde_json::from_str(&text).expect("the ready file is JSON");
        Self {
            child,
            address: ready["listen"].as_str().expect("an address").to_owned(),
            integration: ready["integrations"][0].clone(),
        }
    }

    /// Processor time so far, in clock ticks.
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("Linux tells the time of a process");
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let number = |place: usize| -> u64 {
            let field = fields.split_whitespace().nth(place);
            field
                .and_then(|field| field.parse().ok())
                .unwrap_or_default()
        };
        number(11) + number(12)
    }

    fn signed(&self, count: usize, round: usize) -> Vec<String> {
        let value = |name: &str| {
            self.integration[name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let key = SigningKey::new(
            &Secret::new(value("consumer_secret")),
            &Secret::new(value("token_secret")),
        );
        let (consumer, token) = (value("consumer_key"), value("token"));
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or_default());
        (0..count)
            .map(|number| {
                let nonce = format!("{round:08}{number:024}");
                let signer = SignedHeader {
                    dialect: <&Profile>::default().dialect,
                    method: SignatureMethod::HmacSha256,
                    consumer_key: &consumer,
                    token: Some(&token),
                    key: &key,
                    verifier: None,
                    nonce: &nonce,
                    timestamp: UnixTime(now),
                };
                let request = Request {
                    method: "GET",
                    scheme: "http",
                    host: &self.address,
                    target: TARGET,
                    ..Request::default()
                };
                let authorization = signer.authorization(&request).expect("it can be signed");
                format!(
                    "GET {TARGET} HTTP/1.1\r\nHost: {}\r\nAuthorization: {authorization}\r\n\r\n",
                    self.address
                )
            })
            .collect()
    }

    fn plain(&self, count: usize) -> Vec<String> {
        let request = format!("GET {TARGET} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        vec![request; count]
    }
}

/// What a round took.
#[derive(Clone, Copy)]
struct Round {
    rate: f64,
    microseconds: f64,
    p50: f64,
    p99: f64,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures are printed with three digits"
)]
fn round(server: &Server, requests: Vec<String>) -> Round {
    let count = requests.len();
    let mut shares: Vec<Vec<String>> = vec![Vec::new(); CONNECTIONS];
    for (number, request) in requests.into_iter().enumerate() {
        shares[number % CONNECTIONS].push(request);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (before, began) = (server.ticks(), Instant::now());
    let mut times: Vec<Duration> = runtime.expect("a runtime").block_on(async {
        let tasks: Vec<_> = shares
            .into_iter()
            .map(|share| tokio::spawn(calls(server.address.clone(), share)))
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.expect("no panic"));
        }
        times
    });
    let took = began.elapsed().as_secs_f64();
    let ticks = server.ticks() - before;
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    Round {
        rate: count as f64 / took,
        // A tick is a hundredth of a second on Linux.
        microseconds: ticks as f64 * 1e4 / count as f64,
        p50: at(50),
        p99: at(99),
    }
}

async fn calls(address: String, requests: Vec<String>) -> Vec<Duration> {
    let mut stream = TcpStream::connect(&address).await.expect("it listens");
    let _ = stream.set_nodelay(true);
    let mut times = Vec::with_capacity(requests.len());
    let mut buffer = Vec::with_capacity(4096);
    for request in requests {
        let began = Instant::now();
        stream.write_all(request.as_bytes()).await.expect("sent");
        buffer.clear();
        let end = loop {
            let read = stream.read_buf(&mut buffer).await.expect("an answer");
            assert!(read > 0, "the store closed the connection");
            if let Some(end) = buffer.windows(4).position(|part| part == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let length = head.split("content-length: ").nth(1).unwrap_or_default();
        let length: usize = length
            .split('\r')
            .next()
            .unwrap_or_default()
            .parse()
            .unwrap_or(0);
        while buffer.len() < end + length {
            let read = stream.read_buf(&mut buffer).await.expect("a body");
            assert!(read > 0, "the body breaks off");
        }
        times.push(began.elapsed());
    }
    times
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn argument(name: &str, stock: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments
        .nth(1)
        .and_then(|value| value.parse().ok())
        .unwrap_or(stock)
}

fn main() -> ExitCode {
    let (rounds, requests) = (argument("--rounds", 7), argument("--requests", 20_000));
    let folder = std::env::temp_dir().join(format!("magespec-store-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut missed = false;
    println!("store         guest/s  signed/s   rate  cpu µs guest/signed   cost   p50 ms  p99 ms");
    for kind in &KINDS {
        let server = Server::start(&folder, kind.flags);
        let (mut guests, mut signed) = (Vec::new(), Vec::new());
        round(&server, server.plain(requests / 4));
        round(&server, server.signed(requests / 4, 0));
        for number in 1..=rounds {
            let fresh = server.signed(requests, number);
            guests.push(round(&server, server.plain(requests)));
            signed.push(round(&server, fresh));
        }
        let of =
            |rounds: &[Round], part: fn(&Round) -> f64| median(rounds.iter().map(part).collect());
        let paired = |part: fn(&Round) -> f64| {
            let pairs = guests.iter().zip(&signed);
            median(
                pairs
                    .map(|(guest, signed)| part(signed) / part(guest))
                    .collect(),
            )
        };
        let (rate, cost) = (
            paired(|round| round.rate),
            paired(|round| round.microseconds),
        );
        println!(
            "{:<12} {:>8.0}  {:>8.0}  {rate:>5.2}      {:>6.1} / {:<6.1}  {cost:>5.2}   {:>6.2}  {:>6.2}",
            kind.name,
            of(&guests, |round| round.rate),
            of(&signed, |round| round.rate),
            of(&guests, |round| round.microseconds),
            of(&signed, |round| round.microseconds),
            of(&signed, |round| round.p50),
            of(&signed, |round| round.p99),
        );
        let tail = paired_tail(&signed);
        for (what, holds) in [
            ("cost", kind.cost.is_none_or(|most| cost <= most)),
            ("rate", kind.rate.is_none_or(|least| rate >= least)),
            ("p99 of at most 5 × p50", tail <= 5.0),
        ] {
            if !holds {
                println!("  missed: {what}");
                missed = true;
            }
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    if missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn paired_tail(rounds: &[Round]) -> f64 {
    median(rounds.iter().map(|round| round.p99 / round.p50).collect())
}
