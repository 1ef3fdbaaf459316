use crate::end::{End, is_final};
use crate::environment::{CommandTransport, Environment};
use crate::nats_commands::NatsCommands;
use crate::proto::events::GenericEventRequest;
use crate::service_client::ServiceClient;
use crate::shared::Shared;
use std::sync::Arc;
use tonic::{Code, Status, Streaming};

/// Where a worker's commands come from.
pub enum CommandSource {
    /// Live from the response headers on; a stream for each connection.
    Grpc(Option<Streaming<GenericEventRequest>>),
    Nats(NatsCommands),
}

impl CommandSource {
    pub fn new(transport: &CommandTransport) -> CommandSource {
        match transport {
            CommandTransport::Grpc => CommandSource::Grpc(None),
            CommandTransport::Nats(nats) => CommandSource::Nats(NatsCommands::new(nats.clone())),
        }
    }

    /// Returns once commands arrive, which must be before the worker registers; called again for every registration.
    pub async fn subscribe(&mut self, client: &mut ServiceClient, environment: &Environment) -> Result<(), End> {
        match self {
            CommandSource::Grpc(stream) => {
                *stream = Some(client.receive_commands(environment).await.map_err(|status| end_of(&status))?);
                Ok(())
            }
            CommandSource::Nats(nats) => nats.subscribe().await,
        }
    }

    /// Hands over commands until no more will come.
    pub async fn receive(&mut self, shared: &Arc<Shared>) -> End {
        match self {
            CommandSource::Nats(nats) => nats.receive(shared).await,
            CommandSource::Grpc(None) => End::worth_another_try("not subscribed"),
            CommandSource::Grpc(Some(stream)) => loop {
                match stream.message().await {
                    Ok(Some(envelope)) => shared.receive(envelope),
                    Ok(None) => return End::worth_another_try("ReceiveCommands ended"),
                    Err(status) => return end_of(&status),
                }
            },
        }
    }
}

fn end_of(status: &Status) -> End {
    // ABORTED: another process receives this worker's commands; taking them back would only begin a quarrel.
    let is_final = is_final(status.code()) || status.code() == Code::Aborted;
    End { is_final, ..End::of("ReceiveCommands", status) }
}
