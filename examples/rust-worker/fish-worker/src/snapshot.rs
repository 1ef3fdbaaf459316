use crate::world::World;
use serde::{Deserialize, Serialize};
use std::fs::{File, rename};
use std::io::{BufWriter, Write};
use std::path::Path;

const VERSION: u32 = 1;
const MAX_NAME_CHARS: usize = 100;

/// All that a run is, between two ticks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    version: u32,
    pub seed: u64,
    /// As it was last set.
    pub ticks_per_second: f64,
    pub world: World,
}

impl Snapshot {
    pub fn new(seed: u64, ticks_per_second: f64, world: World) -> Snapshot {
        Snapshot { version: VERSION, seed, ticks_per_second, world }
    }

    pub fn read(file: &str) -> Result<Snapshot, String> {
        let wrong = |problem: &dyn std::fmt::Display| format!("SHOAL_RESTORE_FILE {file}: {problem}");
        let bytes = std::fs::read(file).map_err(|error| wrong(&error))?;
        let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|error| wrong(&error))?;
        if snapshot.version == VERSION {
            Ok(snapshot)
        } else {
            Err(wrong(&format!("is of version {}, and this worker reads {VERSION}", snapshot.version)))
        }
    }

    /// Writes it beside its place, and renames it: a snapshot that is there is complete. Returns its path.
    pub fn write(&self, folder: &Path, name: &str) -> std::io::Result<String> {
        let path = folder.join(format!("{name}.json"));
        let scratch = folder.join(format!(".{name}.json.{}", std::process::id()));
        let mut out = BufWriter::new(File::create(&scratch)?);
        serde_json::to_writer(&mut out, self)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        rename(&scratch, &path)?;
        Ok(path.to_string_lossy().into_owned())
    }
}

/// Whether it can be the name of a file in the snapshot folder, and of nothing else.
pub fn is_snapshot_name(name: &str) -> bool {
    let inner = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    name.len() <= MAX_NAME_CHARS && name.starts_with(|it: char| it.is_ascii_alphanumeric()) && name.chars().all(inner)
}
