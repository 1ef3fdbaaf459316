use crate::error::Error;
use std::collections::HashMap;
use std::time::Duration;

/// What Shoal launches a worker with: section 3 of the contract, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    pub worker_id: String,
    pub simulation_id: String,
    /// Which launch for its simulation this worker is, from 1.
    pub incarnation: u32,
    /// host:port of the worker service.
    pub grpc_address: String,
    /// Absent where the orchestrator takes workers without (`auth.workers: off`).
    pub token: Option<String>,
    pub commands: CommandTransport,
    pub config_file: Option<String>,
    pub config_content_type: String,
    pub seed: Option<u64>,
    pub snapshot_dir: Option<String>,
    pub restore_file: Option<String>,
    /// How long to keep trying to reach Shoal before giving up.
    pub orphan_timeout: Duration,
    /// W3C trace context of the StartSimulation call.
    pub traceparent: Option<String>,
}

/// How commands come to the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandTransport {
    Grpc,
    Nats(NatsTransport),
}

#[derive(Clone, Debug, PartialEq)]
pub struct NatsTransport {
    pub urls: Vec<String>,
    pub subject: String,
    pub inbox_prefix: Option<String>,
}

/// Long enough for a restart of Shoal on a busy machine.
const DEFAULT_ORPHAN_TIMEOUT_MS: u64 = 60_000;

impl Environment {
    /// Reads and checks the process's own variables.
    ///
    /// # Errors
    /// [`Error::Environment`], which names every variable that is wrong.
    pub fn from_process() -> Result<Environment, Error> {
        Self::from_variables(std::env::vars().collect())
    }

    pub(crate) fn from_variables(variables: HashMap<String, String>) -> Result<Environment, Error> {
        let mut vars = Variables { variables, problems: Vec::new() };
        let environment = Environment {
            worker_id: vars.required("SHOAL_WORKER_ID", is_id, ID),
            simulation_id: vars.required("SHOAL_SIMULATION_ID", is_id, ID),
            incarnation: vars.number("SHOAL_INCARNATION", u64::from(u32::MAX)).unwrap_or(1) as u32,
            grpc_address: vars.required("SHOAL_GRPC_ADDRESS", is_address, "host:port"),
            token: vars.token(),
            commands: command_transport(&mut vars),
            config_file: vars.optional("SHOAL_CONFIG_FILE"),
            config_content_type: vars
                .optional("SHOAL_CONFIG_CONTENT_TYPE")
                .unwrap_or_else(|| "application/json".into()),
            seed: vars.number("SHOAL_SEED", u64::MAX),
            snapshot_dir: vars.optional("SHOAL_SNAPSHOT_DIR"),
            restore_file: vars.optional("SHOAL_RESTORE_FILE"),
            orphan_timeout: Duration::from_millis(
                vars.number("SHOAL_ORPHAN_TIMEOUT_MS", 1_000_000_000_000).unwrap_or(DEFAULT_ORPHAN_TIMEOUT_MS),
            ),
            traceparent: vars.optional("TRACEPARENT"),
        };
        for name in ["SHOAL_GRPC_CA_FILE", "SHOAL_NATS_CREDS_FILE"] {
            vars.refuse(name, "this worker is built without TLS and credentials; run it beside Shoal, on loopback");
        }
        if vars.problems.is_empty() { Ok(environment) } else { Err(Error::Environment(vars.problems)) }
    }
}

fn command_transport(vars: &mut Variables) -> CommandTransport {
    let is_transport = |value: &str| value == "nats" || value == "grpc";
    if vars.required("SHOAL_COMMAND_TRANSPORT", is_transport, "`nats` or `grpc`") != "nats" {
        return CommandTransport::Grpc;
    }
    let urls = vars.required("SHOAL_NATS_URL", are_plain_urls, "nats://HOST:PORT, or several separated by commas");
    CommandTransport::Nats(NatsTransport {
        urls: urls.split(',').map(|url| url.trim().to_owned()).collect(),
        subject: vars.required("SHOAL_COMMAND_SUBJECT", is_subject, "a NATS subject without wildcards"),
        inbox_prefix: vars.optional("SHOAL_NATS_INBOX_PREFIX"),
    })
}

const ID: &str = "an id: letters, digits, _ and -, at most 128";

fn is_id(value: &str) -> bool {
    let inner = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'-';
    value.len() <= 128 && value.as_bytes()[0].is_ascii_alphanumeric() && value.bytes().all(inner)
}

fn is_address(value: &str) -> bool {
    let plain = |host: &str| !host.is_empty() && !host.contains(|it: char| it.is_whitespace() || it == '/');
    value.rsplit_once(':').is_some_and(|(host, port)| plain(host) && port.parse::<u16>().is_ok())
}

fn is_subject(value: &str) -> bool {
    !value.contains(|it: char| it.is_whitespace() || it == '*' || it == '>')
}

/// Without a scheme it is `nats://`; others need TLS or websockets.
fn are_plain_urls(value: &str) -> bool {
    value.split(',').all(|url| !url.trim().is_empty() && (!url.contains("://") || url.trim().starts_with("nats://")))
}

struct Variables {
    variables: HashMap<String, String>,
    problems: Vec<String>,
}

impl Variables {
    /// An empty variable counts as absent, as shells and containers often cannot unset one.
    fn optional(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn required(&mut self, name: &str, is_right: impl Fn(&str) -> bool, expected: &str) -> String {
        match self.optional(name) {
            Some(value) if is_right(&value) => return value,
            Some(value) => self.problems.push(format!("{name} is {value:?}: expected {expected}")),
            None => self.problems.push(format!("{name} is missing: expected {expected}")),
        }
        String::new()
    }

    fn number(&mut self, name: &str, max: u64) -> Option<u64> {
        let value = self.optional(name)?;
        let number = value.parse().ok().filter(|it| *it <= max && !value.starts_with('+'));
        if number.is_none() {
            self.problems.push(format!("{name} is {value:?}: expected a whole number from 0 to {max}"));
        }
        number
    }

    /// One that HTTP/2 cannot carry would fail much later. It is a secret: its value is never shown.
    fn token(&mut self) -> Option<String> {
        let token = self.optional("SHOAL_WORKER_TOKEN")?;
        if !token.bytes().all(|it| it.is_ascii_graphic()) {
            self.problems.push("SHOAL_WORKER_TOKEN: expected printable ASCII".into());
        }
        Some(token)
    }

    fn refuse(&mut self, name: &str, why: &str) {
        if self.optional(name).is_some() {
            self.problems.push(format!("{name} is set: {why}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(changes: &[(&str, &str)]) -> HashMap<String, String> {
        let launched = [
            ("SHOAL_WORKER_ID", "w-1"),
            ("SHOAL_SIMULATION_ID", "reef"),
            ("SHOAL_GRPC_ADDRESS", "127.0.0.1:50051"),
            ("SHOAL_COMMAND_TRANSPORT", "grpc"),
        ];
        launched.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_shoal_sets_is_read_and_the_rest_has_defaults() {
        let environment = Environment::from_variables(variables(&[("SHOAL_SEED", "18446744073709551615")])).unwrap();
        assert_eq!(environment.seed, Some(u64::MAX));
        assert_eq!(environment.incarnation, 1);
        assert_eq!(environment.orphan_timeout, Duration::from_secs(60));
        assert_eq!(environment.config_content_type, "application/json");
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once_and_the_token_is_not_shown() {
        let wrong = [
            ("SHOAL_WORKER_ID", "no spaces"),
            ("SHOAL_SEED", "-1"),
            ("SHOAL_WORKER_TOKEN", "sec ret"),
            ("SHOAL_GRPC_ADDRESS", "localhost"),
            ("SHOAL_COMMAND_TRANSPORT", "nats"),
            ("SHOAL_NATS_URL", "tls://somewhere"),
            ("SHOAL_GRPC_CA_FILE", "ca.pem"),
        ];
        let Err(Error::Environment(problems)) = Environment::from_variables(variables(&wrong)) else {
            panic!("it was taken");
        };
        let named: Vec<_> = problems.iter().map(|it| it.split([' ', ':']).next().unwrap()).collect();
        let all = [
            "SHOAL_WORKER_ID",
            "SHOAL_GRPC_ADDRESS",
            "SHOAL_WORKER_TOKEN",
            "SHOAL_NATS_URL",
            "SHOAL_COMMAND_SUBJECT",
            "SHOAL_SEED",
            "SHOAL_GRPC_CA_FILE",
        ];
        assert_eq!(named, all);
        assert!(!problems.join("").contains("sec ret"));
    }
}
