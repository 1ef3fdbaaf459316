use shoal_worker::Receipt;
use std::fs::File;
use std::io::{BufWriter, Write};

/// One line `event_id<TAB>key` for each event that was handed to the library, in a file, for whoever wants to compare
/// what was sent with what was logged. Acknowledgements of commands are not in it.
pub struct Journal(Option<BufWriter<File>>);

impl Journal {
    /// `--journal FILE`; without it, one that keeps nothing.
    pub fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Journal, String> {
        let (name, file) = (arguments.next(), arguments.next());
        match (name.as_deref(), file, arguments.next()) {
            (None, ..) => Ok(Journal(None)),
            (Some("--journal"), Some(file), None) => {
                let opened = File::create(&file).map_err(|error| format!("--journal {file}: {error}"))?;
                Ok(Journal(Some(BufWriter::new(opened))))
            }
            _ => Err("wrong usage; usage: fish-worker [--journal FILE]".to_owned()),
        }
    }

    pub fn note(&mut self, receipt: &Receipt, key: &str) -> Result<(), String> {
        match &mut self.0 {
            Some(out) => writeln!(out, "{receipt}\t{key}").map_err(failed),
            None => Ok(()),
        }
    }

    pub fn flush(&mut self) -> Result<(), String> {
        self.0.as_mut().map_or(Ok(()), |out| out.flush().map_err(failed))
    }
}

fn failed(error: std::io::Error) -> String {
    format!("the journal cannot be written: {error}")
}
