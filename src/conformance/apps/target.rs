use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::conformance::result::{Absence, Need, TargetReport};
use crate::secret::Secret;

/// What a login page is filled in with.
#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The name of the input for the name; the first one for text beside the password when absent.
    pub user_field: Option<String>,
}

/// What makes the app do something.
#[derive(Clone)]
pub enum Trigger {
    /// A command for the shell.
    Command(String),
    /// A URL that is asked for.
    Url(String),
    /// A function, for an app in this process.
    Call(Arc<dyn Fn() -> Result<(), String> + Send + Sync>),
}

/// An app under test and the ways that the suite has into it.
#[derive(Clone)]
pub struct AppTarget {
    /// Its callback endpoint.
    pub callback: String,
    /// Its identity link, when it has one.
    pub identity: Option<String>,
    /// `embedded` or `url`.
    pub kind: &'static str,
    /// What its login page is filled in with.
    pub login: Option<LoginForm>,
    /// A second account.
    pub second: Option<LoginForm>,
    /// Cookies of a browser that has signed in: name and value.
    pub cookies: Vec<(String, Secret)>,
    /// A person passes the login page of the first handshake.
    pub manual: Option<Duration>,
    /// What makes it call the store.
    pub trigger: Option<Trigger>,
    /// How long after the return an exchange or a call may come.
    pub wait: Duration,
    /// Starts it again.
    pub restart: Option<Trigger>,
    /// Whether it takes credentials of more than one store.
    pub second_store: bool,
    /// What its integration asks for.
    pub resources: Option<Vec<String>>,
    /// Whether cases that wait for tens of seconds are wanted.
    pub slow: bool,
}

/// An app at no address yet, whose exchange and calls are waited for as the command does.
impl Default for AppTarget {
    fn default() -> Self {
        Self {
            callback: String::new(),
            identity: None,
            kind: "url",
            login: None,
            second: None,
            cookies: Vec::new(),
            manual: None,
            trigger: None,
            wait: Duration::from_secs(5),
            restart: None,
            second_store: false,
            resources: None,
            slow: false,
        }
    }
}

impl AppTarget {
    fn offers(&self, need: Need) -> bool {
        let form = self.login.is_some();
        match need {
            Need::Identity => self.identity.is_some(),
            Need::Login => self.identity.is_some() && (form || !self.cookies.is_empty()),
            Need::Password => form,
            Need::SecondAccount => self.second.is_some(),
            Need::Trigger => self.trigger.is_some(),
            Need::TwoStores => self.second_store,
            Need::Restart => self.restart.is_some(),
            Need::Resources => self.resources.is_some(),
            Need::Slow => self.slow,
            _ => false,
        }
    }

    /// Why what needs these cannot be done here, if so.
    pub(crate) fn lacks(&self, needs: &[Need]) -> Option<Absence> {
        let needs = needs.iter().copied();
        let lacking: Vec<Need> = needs.filter(|need| !self.offers(*need)).collect();
        (!lacking.is_empty()).then_some(Absence::Lacks(lacking))
    }

    /// The target as a report names it.
    pub(crate) fn report(&self) -> TargetReport {
        TargetReport {
            url: self.callback.clone(),
            kind: self.kind.to_owned(),
            capabilities: Need::ALL
                .into_iter()
                .filter(|need| self.offers(*need))
                .collect(),
        }
    }
}

impl Trigger {
    /// Does it; a URL is asked for with `page`. `flag` names it in what goes wrong.
    pub(super) fn pull(
        &self,
        flag: &str,
        page: impl FnOnce(&str) -> Result<(), String>,
    ) -> Result<(), String> {
        let done = match self {
            Self::Command(command) => run_command(command, COMMAND_TIME),
            Self::Url(url) => page(url),
            Self::Call(call) => call(),
        };
        done.map_err(|reason| format!("{flag}: {reason}"))
    }
}

/// Time that a command has to end.
const COMMAND_TIME: Duration = Duration::from_mins(1);

/// Runs a command of the shell to its end; its output is nobody's business here.
fn run_command(command: &str, limit: Duration) -> Result<(), String> {
    let unusable = |error: std::io::Error| format!("the command cannot be run: {error}");
    let mut running = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(unusable)?;
    let start = Instant::now();
    loop {
        match running.try_wait().map_err(unusable)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("the command ended with {status}")),
            None if start.elapsed() < limit => thread::sleep(Duration::from_millis(10)),
            None => break,
        }
    }
    // It may have ended by itself in this very moment.
    let _ = running.kill();
    let _ = running.wait();
    Err(format!(
        "the command did not end within {} s: what it starts has to go on in the background",
        limit.as_secs()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_does_not_end_is_ended() {
        let told = run_command("exec sleep 60", Duration::from_millis(50));
        let told = told.expect_err("it cannot have ended");
        assert!(told.contains("in the background"), "{told}");
        assert_eq!(run_command("sleep 60 & exit 0", COMMAND_TIME), Ok(()));
        let told = run_command("exit 3", COMMAND_TIME).expect_err("it failed");
        assert!(told.contains('3'), "{told}");
    }
}
