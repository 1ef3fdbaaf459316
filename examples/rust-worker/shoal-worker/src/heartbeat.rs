use crate::backoff::Backoff;
use crate::end::{End, is_final};
use crate::service_client::ServiceClient;
use crate::shared::Shared;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tonic::{Code, Status};

/// One lost heartbeat is an accident, two in a row are a dead connection that nothing else has noticed.
const MISSES_UNTIL_BROKEN: u32 = 2;
/// For the last one, which nobody waits for.
const LAST_TIMEOUT: Duration = Duration::from_secs(2);

/// As of the last registration.
#[derive(Clone)]
pub struct Rhythm {
    pub client: ServiceClient,
    /// 0: no heartbeats.
    pub interval_ms: u32,
}

/// Tells Shoal that the worker is alive and where it is, from the first registration on, also while there is no
/// connection: Shoal may still be there, and would take silence for death.
pub struct Heartbeats {
    pub shared: Arc<Shared>,
    pub backoff: Arc<Backoff>,
    /// None before the first registration.
    pub rhythm: watch::Receiver<Option<Rhythm>>,
    /// Told that Shoal does not answer, or does not know this worker: the connection is of no use.
    pub broken: mpsc::Sender<End>,
}

impl Heartbeats {
    /// Begins anew with every registration, until it is dropped.
    pub async fn run(self) -> Infallible {
        let mut changed = self.rhythm.clone();
        loop {
            let rhythm = changed.borrow_and_update().clone();
            tokio::select! {
                never = self.beat(rhythm) => return never,
                Ok(()) = changed.changed() => {}
            }
        }
    }

    /// The first at once; one at a time.
    async fn beat(&self, rhythm: Option<Rhythm>) -> Infallible {
        let Some(Rhythm { mut client, interval_ms }) = rhythm else { return pending().await };
        let mut interval = Duration::from_millis(interval_ms.into());
        let mut misses = 0;
        while !interval.is_zero() {
            let next = Instant::now() + interval;
            match client.heartbeat(self.shared.heartbeat()).await {
                Ok(answer) => {
                    misses = 0;
                    self.backoff.reached();
                    self.shared.desire(answer.desired_state);
                    if answer.heartbeat_interval_ms != 0 {
                        interval = Duration::from_millis(answer.heartbeat_interval_ms.into());
                    }
                }
                Err(status) if status.code() == Code::Unimplemented => break,
                Err(status) => {
                    misses += 1;
                    if is_hopeless(&status) || misses >= MISSES_UNTIL_BROKEN {
                        misses = 0;
                        // Full: it has been told, and was not heard yet.
                        let _ = self.broken.try_send(End::of("Heartbeat", &status));
                    }
                }
            }
            sleep_until(next).await;
        }
        pending().await
    }
}

/// Tells the figures once more, as the last thing that this worker says; that it fails no longer matters.
pub async fn last_heartbeat(Rhythm { mut client, interval_ms }: Rhythm, shared: &Shared) {
    if interval_ms != 0 {
        let _ = timeout(LAST_TIMEOUT, client.heartbeat(shared.heartbeat())).await;
    }
}

fn is_hopeless(status: &Status) -> bool {
    is_final(status.code()) || status.code() == Code::FailedPrecondition
}
