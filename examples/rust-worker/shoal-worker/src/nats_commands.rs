use crate::end::End;
use crate::environment::NatsTransport;
use crate::proto::events::GenericEventRequest;
use crate::shared::Shared;
use async_nats::{Client, ConnectOptions, Subscriber};
use futures_util::StreamExt;
use prost::Message;
use std::sync::Arc;
use std::time::Duration;

const RECONNECT_WAIT: Duration = Duration::from_millis(250);
/// A half-open connection would otherwise go unnoticed for minutes, and its commands with it.
const PING_INTERVAL: Duration = Duration::from_secs(10);

/// Commands over a NATS subject. The client reconnects and subscribes again by itself for as long as the worker lives;
/// commands missed meanwhile come again, as Shoal resends them until acknowledged.
pub struct NatsCommands {
    transport: NatsTransport,
    subscribed: Option<(Client, Subscriber)>,
}

impl NatsCommands {
    pub fn new(transport: NatsTransport) -> NatsCommands {
        NatsCommands { transport, subscribed: None }
    }

    /// Kept over registrations. When it returns, the server has been sent the subscription.
    pub async fn subscribe(&mut self) -> Result<(), End> {
        if self.subscribed.is_none() {
            let client = self.connect().await.map_err(worth_another_try)?;
            let subject = self.transport.subject.clone();
            let subscriber = client.subscribe(subject).await.map_err(worth_another_try)?;
            self.subscribed = Some((client, subscriber));
        }
        match &self.subscribed {
            // Waits for as long as it is disconnected.
            Some((client, _)) => client.flush().await.map_err(worth_another_try),
            None => Ok(()),
        }
    }

    pub async fn receive(&mut self, shared: &Arc<Shared>) -> End {
        let Some((_, subscriber)) = &mut self.subscribed else { return End::worth_another_try("not subscribed") };
        while let Some(message) = subscriber.next().await {
            match GenericEventRequest::decode(message.payload) {
                Ok(envelope) => shared.receive(envelope),
                Err(error) => shared.log(&format!("a message on {} is not a command: {error}", message.subject)),
            }
        }
        self.subscribed = None;
        End::worth_another_try("the NATS subscription ended")
    }

    async fn connect(&self) -> Result<Client, async_nats::ConnectError> {
        let options = ConnectOptions::new()
            .max_reconnects(None)
            .reconnect_delay_callback(|_| RECONNECT_WAIT)
            .ping_interval(PING_INTERVAL);
        let options = match &self.transport.inbox_prefix {
            Some(prefix) => options.custom_inbox_prefix(prefix),
            None => options,
        };
        options.connect(self.transport.urls.as_slice()).await
    }
}

fn worth_another_try(error: impl std::fmt::Display) -> End {
    End::worth_another_try(format!("NATS: {error}"))
}
