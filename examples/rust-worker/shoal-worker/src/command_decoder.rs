use crate::command::Request;
use crate::proto::events::GenericEventRequest;
use crate::proto::orchestration::{
    AgentActionCommand, InjectAgentCommand, ResetCommand, SetSpeedCommand, SnapshotCommand, StepCommand, StopCommand,
};
use crate::struct_json::struct_to_json;
use prost::{DecodeError, Message};
use std::time::Duration;

/// The keys of contract section 5; any key that is not Shoal's own is a custom command.
/// None for a command that only newer versions know.
pub fn decode_command(envelope: &GenericEventRequest) -> Result<Option<Request>, DecodeError> {
    let payload = envelope.event_payload.clone();
    Ok(Some(match envelope.event_type_key.as_str() {
        "orchestrator.control.pause" => Request::Pause,
        "orchestrator.control.resume" => Request::Resume,
        "orchestrator.control.step" => Request::Step { ticks: StepCommand::decode(payload)?.ticks.max(1) },
        "orchestrator.control.reset" => {
            let ResetCommand { seed, config } = ResetCommand::decode(payload)?;
            Request::Reset { seed, config: config.map(struct_to_json) }
        }
        "orchestrator.control.stop_worker" => {
            let StopCommand { force, grace } = StopCommand::decode(payload)?;
            // One that is negative is none.
            Request::Stop { force, grace: grace.and_then(|it| Duration::try_from(it).ok()) }
        }
        "orchestrator.control.inject_agent" => {
            let InjectAgentCommand { payload, content_type } = InjectAgentCommand::decode(payload)?;
            Request::InjectAgent { payload, content_type }
        }
        "orchestrator.control.set_speed" => {
            Request::SetSpeed { ticks_per_second: SetSpeedCommand::decode(payload)?.ticks_per_second }
        }
        "orchestrator.control.snapshot" => Request::Snapshot { name: SnapshotCommand::decode(payload)?.name },
        "orchestrator.ai.action" => {
            let AgentActionCommand { agent_id, action, content_type } = AgentActionCommand::decode(payload)?;
            Request::AgentAction { agent_id, action, content_type }
        }
        key if key.starts_with("orchestrator.") => return Ok(None),
        key => {
            let content_type = envelope.payload_content_type.clone();
            Request::Custom { key: key.to_owned(), payload, content_type }
        }
    }))
}
