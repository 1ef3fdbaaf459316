//! Generates the messages and the client of the worker service, without protoc.
use std::error::Error;
use std::path::{Path, PathBuf};

const PROTO_FILES: [&str; 2] = ["fes/orchestration/v1/command.proto", "fes/orchestration/v1/worker_service.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = proto_folder()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let descriptors = protox::compile(PROTO_FILES, [&folder])?;
    tonic_prost_build::configure()
        .build_transport(false)
        .bytes(".")
        // Only the tests of this crate play the orchestrator.
        .server_mod_attribute(".", "#[cfg(test)]")
        .include_file("proto.rs")
        .compile_fds(descriptors)?;
    Ok(())
}

/// A copy beside this file where the crate was taken out of Shoal's checkout, else the checkout's own.
fn proto_folder() -> Result<PathBuf, String> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").map_err(|it| it.to_string())?);
    let places = [here.join("proto"), here.join("../../../proto")];
    let found = places.iter().find(|folder| has_all(folder)).cloned();
    found.ok_or_else(|| {
        let names = places.map(|it| it.display().to_string()).join(" and ");
        format!("no {} in {names}: copy Shoal's proto/ into {}", PROTO_FILES[1], here.display())
    })
}

fn has_all(folder: &Path) -> bool {
    PROTO_FILES.iter().all(|file| folder.join(file).is_file())
}
