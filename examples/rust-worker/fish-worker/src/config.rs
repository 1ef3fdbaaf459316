use serde::{Deserialize, Serialize};
use shoal_worker::{Map, Value};

/// What a run can be configured with; its configuration is a JSON object of these names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// How many fish there are at tick 0.
    pub fish: usize,
    /// The first so many of them only ever do what actions say.
    pub controlled: usize,
    /// The school does not breed beyond this many.
    pub max_fish: usize,
    /// How many pellets there are at tick 0, and the most that grow back.
    pub food: usize,
    /// After how many ticks the run is complete; 0: never.
    pub ticks: u64,
    /// 0: as fast as it can.
    pub ticks_per_second: f64,
    /// Observations and rewards are reported every so many ticks; 0: never.
    pub observations_every: u64,
    /// How far a fish sees, in metres.
    pub vision: f64,
    /// Metres.
    pub width: f64,
    /// Metres.
    pub height: f64,
}

/// Above it a number of JSON is not exact everywhere.
const MAX_WHOLE: f64 = 9_007_199_254_740_991.0;
pub const MAX_TICKS_PER_SECOND: f64 = 1_000_000.0;

struct Field {
    name: &'static str,
    otherwise: f64,
    min: f64,
    max: f64,
    is_whole: bool,
}

const fn whole(name: &'static str, otherwise: f64, max: f64) -> Field {
    Field { name, otherwise, min: 0.0, max, is_whole: true }
}

const fn real(name: &'static str, otherwise: f64, min: f64, max: f64) -> Field {
    Field { name, otherwise, min, max, is_whole: false }
}

const FISH: Field = whole("fish", 20.0, 10_000.0);
const CONTROLLED: Field = whole("controlled", 0.0, 10_000.0);
const MAX_FISH: Field = whole("max_fish", 60.0, 10_000.0);
const FOOD: Field = whole("food", 40.0, 50_000.0);
const TICKS: Field = whole("ticks", 0.0, MAX_WHOLE);
const TICKS_PER_SECOND: Field = real("ticks_per_second", 20.0, 0.0, MAX_TICKS_PER_SECOND);
const OBSERVATIONS_EVERY: Field = whole("observations_every", 1.0, 1_000_000.0);
const VISION: Field = real("vision", 12.0, 0.1, 100_000.0);
const WIDTH: Field = real("width", 100.0, 10.0, 100_000.0);
const HEIGHT: Field = real("height", 60.0, 10.0, 100_000.0);
const ALL: [Field; 10] =
    [FISH, CONTROLLED, MAX_FISH, FOOD, TICKS, TICKS_PER_SECOND, OBSERVATIONS_EVERY, VISION, WIDTH, HEIGHT];

impl Config {
    /// Checks a run's configuration; the error names everything that is wrong with it.
    pub fn from_json(json: Option<&Value>) -> Result<Config, String> {
        let object = json.and_then(Value::as_object).ok_or("the configuration must be a JSON object")?;
        Config::from_object(object)
    }

    pub fn from_object(given: &Map<String, Value>) -> Result<Config, String> {
        let names = ALL.map(|field| field.name);
        let unknown = given.keys().filter(|key| !names.contains(&key.as_str()));
        let mut problems: Vec<String> =
            unknown.map(|key| format!("{key}: not known; known are {}", names.join(", "))).collect();
        let mut number = |field: Field| {
            field.number(given).unwrap_or_else(|problem| {
                problems.push(problem);
                field.otherwise
            })
        };
        let config = Config {
            fish: number(FISH) as usize,
            controlled: number(CONTROLLED) as usize,
            max_fish: number(MAX_FISH) as usize,
            food: number(FOOD) as usize,
            ticks: number(TICKS) as u64,
            ticks_per_second: number(TICKS_PER_SECOND),
            observations_every: number(OBSERVATIONS_EVERY) as u64,
            vision: number(VISION),
            width: number(WIDTH),
            height: number(HEIGHT),
        };
        if config.controlled > config.fish {
            let Config { controlled, fish, .. } = config;
            problems.push(format!("controlled is {controlled}: expected at most fish, which is {fish}"));
        }
        if problems.is_empty() { Ok(config) } else { Err(problems.join("; ")) }
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Field {
    fn number(&self, given: &Map<String, Value>) -> Result<f64, String> {
        let Field { name, otherwise, min, max, is_whole } = self;
        let Some(value) = given.get(*name) else { return Ok(*otherwise) };
        let fits = |it: &f64| (*min..=*max).contains(it) && (!is_whole || it.fract() == 0.0);
        value.as_f64().filter(fits).ok_or_else(|| {
            let kind = if *is_whole { "whole number" } else { "number" };
            format!("{name} is {value}: expected a {kind} from {min} to {max}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_said_has_a_default() {
        let config = Config::from_json(Some(&json!({ "fish": 3, "controlled": 1, "vision": 5.5 }))).unwrap();
        assert_eq!((config.fish, config.controlled, config.vision, config.food), (3, 1, 5.5, 40));
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let wrong = json!({ "fsh": 1, "fish": 2.5, "width": 1, "food": "many", "controlled": 21 });
        let problem = Config::from_json(Some(&wrong)).unwrap_err();
        for part in ["fsh: not known", "fish is 2.5", "width is 1", "food is \"many\"", "controlled is 21"] {
            assert!(problem.contains(part), "{problem}");
        }
        assert!(Config::from_json(Some(&json!([]))).is_err());
        assert!(Config::from_json(None).is_err());
    }
}
