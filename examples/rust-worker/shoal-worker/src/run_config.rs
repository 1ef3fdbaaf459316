use crate::environment::Environment;
use crate::error::Error;
use serde_json::Value;

/// A run's configuration, as JSON or as whatever it is.
#[derive(Clone, Debug, PartialEq)]
pub struct RunConfig {
    /// Parsed where its content type is JSON, `{}` where there is none; else None.
    pub json: Option<Value>,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// Reads the run's configuration, which may be done before connecting.
///
/// # Errors
/// [`Error::Environment`] when the file cannot be read, or is not the JSON that it should be.
pub fn read_run_config(environment: &Environment) -> Result<RunConfig, Error> {
    let wrong = |problem: String| Error::Environment(vec![format!("SHOAL_CONFIG_FILE {problem}")]);
    let bytes = match &environment.config_file {
        None => Vec::new(),
        Some(file) => std::fs::read(file).map_err(|error| wrong(format!("cannot be read: {error}")))?,
    };
    if bytes.is_empty() {
        return Ok(RunConfig { json: Some(Value::Object(Default::default())), bytes });
    }
    if !is_json(&environment.config_content_type) {
        return Ok(RunConfig { json: None, bytes });
    }
    let json = serde_json::from_slice(&bytes).map_err(|error| wrong(format!("is not JSON: {error}")))?;
    Ok(RunConfig { json: Some(json), bytes })
}

/// `application/json`, or a type with the suffix `+json`, whatever its parameters.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}
