use crate::end::{End, is_final};
use crate::service_client::ServiceClient;
use crate::shared::Shared;
use std::future::pending;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use tonic::{Code, Status};

/// One lost heartbeat is an accident, two in a row are a dead connection that nothing else has noticed.
const MISSES_UNTIL_BROKEN: u32 = 2;
/// For the last one, which nobody waits for.
const LAST_TIMEOUT: Duration = Duration::from_secs(2);

/// Tells Shoal every interval that the worker is alive and where it is, the first time at once; one at a time. Returns
/// when Shoal does not answer, or does not know this worker: the connection is of no use.
pub async fn heartbeats(mut client: ServiceClient, shared: &Shared, interval_ms: u32) -> End {
    let mut interval = Duration::from_millis(interval_ms.into());
    let mut misses = 0;
    while !interval.is_zero() {
        let next = Instant::now() + interval;
        match client.heartbeat(shared.heartbeat()).await {
            Ok(answer) => {
                misses = 0;
                shared.desire(answer.desired_state);
                if answer.heartbeat_interval_ms != 0 {
                    interval = Duration::from_millis(answer.heartbeat_interval_ms.into());
                }
            }
            Err(status) if status.code() == Code::Unimplemented => break,
            Err(status) => {
                misses += 1;
                if is_hopeless(&status) || misses >= MISSES_UNTIL_BROKEN {
                    return End::of("Heartbeat", &status);
                }
            }
        }
        sleep_until(next).await;
    }
    pending().await
}

/// Tells the figures once more, as the last thing that this worker says; that it fails no longer matters.
pub async fn last_heartbeat(mut client: ServiceClient, shared: &Shared) {
    let _ = timeout(LAST_TIMEOUT, client.heartbeat(shared.heartbeat())).await;
}

fn is_hopeless(status: &Status) -> bool {
    is_final(status.code()) || status.code() == Code::FailedPrecondition
}
