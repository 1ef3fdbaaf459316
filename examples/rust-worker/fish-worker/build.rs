//! Generates the messages between agents and simulation, without protoc.
use std::error::Error;

const PROTO_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../proto");
const PROTO_FILE: &str = "fes/simulation/agent/agent.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PROTO_FOLDER}/{PROTO_FILE}");
    let descriptors = protox::compile([PROTO_FILE], [PROTO_FOLDER])?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
