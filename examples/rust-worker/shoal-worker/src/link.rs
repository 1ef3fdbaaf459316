use crate::backoff::Backoff;
use crate::command_source::CommandSource;
use crate::end::End;
use crate::heartbeat::{Heartbeats, Rhythm, last_heartbeat};
use crate::outbox::{Batch, BatchLimits};
use crate::proto::orchestration::RegisterWorkerResponse;
use crate::reporter::{Next, Reporter};
use crate::service_client::ServiceClient;
use crate::shared::Shared;
use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, sleep_until, timeout};

const SUBSCRIBE_TIMEOUT: Duration = Duration::from_secs(10);

/// Keeps a worker connected: subscribes to commands, registers, opens the event stream; when any of it breaks, all of it
/// again after a backoff, until it is closed, refused for good, or has not reached Shoal for the orphan timeout.
pub struct Link {
    shared: Arc<Shared>,
    commands: CommandSource,
    backoff: Arc<Backoff>,
    rhythm: watch::Sender<Option<Rhythm>>,
    first: Option<oneshot::Sender<()>>,
}

impl Link {
    /// `first` is told once the first connection stands.
    pub fn new(shared: Arc<Shared>, first: oneshot::Sender<()>) -> Link {
        let environment = &shared.environment;
        let commands = CommandSource::new(&environment.commands);
        let backoff = Arc::new(Backoff::new(environment.orphan_timeout));
        let (rhythm, _) = watch::channel(None);
        Link { shared, commands, backoff, rhythm, first: Some(first) }
    }

    /// Until all is acknowledged after the close. When it fails, everybody who waits has been told.
    pub async fn run(mut self) {
        let (broken, mut breaks) = mpsc::channel(1);
        let (shared, backoff, rhythm) = (self.shared.clone(), self.backoff.clone(), self.rhythm.subscribe());
        let heartbeats = Heartbeats { shared: shared.clone(), backoff, rhythm, broken };
        tokio::select! {
            () = self.connections(&mut breaks) => {}
            never = heartbeats.run() => match never {},
        }
        let last = self.rhythm.send_replace(None).filter(|_| shared.reporter.is_done());
        if let Some(rhythm) = last {
            last_heartbeat(rhythm, &shared).await;
        }
    }

    /// One after the other; `breaks` are what heartbeats have noticed.
    async fn connections(&mut self, breaks: &mut mpsc::Receiver<End>) {
        loop {
            let end = match self.connection(breaks).await {
                Ok(end) | Err(end) => end,
            };
            self.shared.reporter.detach();
            if self.shared.reporter.is_done() {
                return;
            }
            if end.is_final {
                return self.shared.lose(end.reason);
            }
            let Some(wait) = self.backoff.next(Instant::now()) else {
                let within = self.shared.environment.orphan_timeout.as_millis();
                return self.shared.lose(format!("Shoal could not be reached for {within} ms; last: {}", end.reason));
            };
            self.shared.log(&format!("{}; connecting again in {} ms", end.reason, wait.as_millis()));
            sleep(wait).await;
        }
    }

    /// From the first call to the end of whatever ends first; dropping it ends the rest.
    async fn connection(&mut self, breaks: &mut mpsc::Receiver<End>) -> Result<End, End> {
        let shared = self.shared.clone();
        let mut client = ServiceClient::new(&shared.environment)?;
        let within = SUBSCRIBE_TIMEOUT.min(self.backoff.left(Instant::now()));
        match timeout(within, self.commands.subscribe(&mut client, &shared.environment)).await {
            Ok(subscribed) => subscribed?,
            Err(_) => return Err(End::worth_another_try("subscribing to commands: no answer")),
        }
        let registration = client.register(shared.registration()).await;
        let registered = registration.map_err(|status| End::of("RegisterWorker", &status))?;
        self.backoff.reached();
        // A break from before the answer is not this connection's.
        let _ = breaks.try_recv();
        self.rhythm
            .send_replace(Some(Rhythm { client: client.clone(), interval_ms: registered.heartbeat_interval_ms }));
        shared.registered(&registered);
        shared.reporter.attach(batch_limits(&registered));
        if let Some(first) = self.first.take() {
            // Whoever waited may have given up.
            let _ = first.send(());
        }
        let (sender, batches) = mpsc::channel(1);
        Ok(tokio::select! {
            end = self.commands.receive(&shared) => end,
            Some(end) = breaks.recv() => end,
            end = acknowledgements(&client, batches, &shared, &self.backoff) => end,
            never = send_batches(&shared.reporter, sender) => never,
        })
    }
}

/// Sends what there is until all is acknowledged after the close, and half-closes the stream then. How the stream ends is
/// told by what it answers.
async fn send_batches(reporter: &Reporter, sender: mpsc::Sender<Batch>) -> End {
    loop {
        match reporter.next() {
            Next::Send(batch) => {
                if sender.send(batch).await.is_err() {
                    break;
                }
            }
            Next::Wait(due) => tokio::select! {
                () = reporter.changed() => {}
                () = sleep_until(due.into()) => {}
            },
            Next::Idle => reporter.changed().await,
            Next::End => break,
        }
    }
    drop(sender);
    pending().await
}

async fn acknowledgements(
    client: &ServiceClient,
    batches: mpsc::Receiver<Batch>,
    shared: &Shared,
    backoff: &Backoff,
) -> End {
    let mut stream = match client.report_event_batches(batches).await {
        Ok(stream) => stream,
        Err(status) => return End::of("ReportEventBatches", &status),
    };
    loop {
        match stream.message().await {
            Ok(Some(response)) => {
                backoff.worked();
                shared.acknowledged(response);
            }
            Ok(None) => return End::worth_another_try("ReportEventBatches ended"),
            Err(status) => return End::of("ReportEventBatches", &status),
        }
    }
}

/// What an answer leaves out, as of a Shoal before the field, is what the contract has as default.
fn batch_limits(registered: &RegisterWorkerResponse) -> BatchLimits {
    let or = |told: u32, otherwise: usize| if told == 0 { otherwise } else { told as usize };
    BatchLimits {
        max_events: or(registered.max_batch_events, 512),
        max_bytes: or(registered.max_batch_bytes, 3 * 1024 * 1024),
        max_in_flight: or(registered.max_in_flight_batches, 1),
    }
}
