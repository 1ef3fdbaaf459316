use shoal_worker::{Error, RunConfig};

const DEFAULT_EVENTS: u64 = 100_000;
const DEFAULT_PAYLOAD_BYTES: u64 = 256;
const KNOWN: [&str; 3] = ["events", "payload_bytes", "events_per_second"];

/// The run's configuration.
pub struct Config {
    /// How many to report; 0: what orders say.
    pub events: u64,
    pub payload_bytes: usize,
    /// Reported while it waits for orders.
    pub events_per_second: u64,
}

impl Config {
    /// # Errors
    /// [`Error::Environment`] with everything that is wrong.
    pub fn of(run: &RunConfig) -> Result<Config, Error> {
        let json = run.json.clone().unwrap_or_default();
        let mut problems = Vec::new();
        let unknown =
            json.as_object().into_iter().flat_map(|it| it.keys()).filter(|key| !KNOWN.contains(&key.as_str()));
        problems.extend(unknown.map(|key| format!("{key}: not known; known are {}", KNOWN.join(", "))));
        let mut number = |name: &str, otherwise: u64| match json.get(name) {
            None => otherwise,
            Some(value) => value.as_u64().unwrap_or_else(|| {
                problems.push(format!("{name} is {value}: expected a whole number"));
                otherwise
            }),
        };
        let events = number("events", DEFAULT_EVENTS);
        let payload_bytes = number("payload_bytes", DEFAULT_PAYLOAD_BYTES) as usize;
        let events_per_second = number("events_per_second", 0);
        if !problems.is_empty() {
            return Err(Error::Environment(problems));
        }
        Ok(Config { events, payload_bytes, events_per_second })
    }
}
