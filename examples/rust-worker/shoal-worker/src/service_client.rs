use crate::batch_codec::BatchCodec;
use crate::end::End;
use crate::environment::Environment;
use crate::outbox::Batch;
use crate::proto::events::GenericEventRequest;
use crate::proto::orchestration::orchestrator_worker_service_client::OrchestratorWorkerServiceClient;
use crate::proto::orchestration::{
    HeartbeatRequest, HeartbeatResponse, ReceiveCommandsRequest, RegisterWorkerRequest, RegisterWorkerResponse,
    ReportEventBatchesResponse,
};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status, Streaming};

/// An unanswered call ends after this long; Shoal answers these at once, so that more means it is not there.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that is half open is noticed after this and the time for the answer.
const KEEPALIVE: Duration = Duration::from_secs(20);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

const REPORT_EVENT_BATCHES: &str = "/fes.orchestration.v1.OrchestratorWorkerService/ReportEventBatches";

/// The calls of the worker service that the library makes, with the token, over one connection.
#[derive(Clone)]
pub struct ServiceClient {
    channel: Channel,
    calls: OrchestratorWorkerServiceClient<Channel>,
    authorization: Option<AsciiMetadataValue>,
}

impl ServiceClient {
    /// Connects with the first call, and again with a later one once that connection is broken.
    pub fn new(environment: &Environment) -> Result<ServiceClient, End> {
        let address = format!("http://{}", environment.grpc_address);
        let wrong = |what: &str| End { reason: what.to_owned(), is_final: true };
        let channel = Endpoint::from_shared(address)
            .map_err(|error| wrong(&format!("SHOAL_GRPC_ADDRESS {}: {error}", environment.grpc_address)))?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .connect_lazy();
        let authorization = environment.token.as_ref().map(|token| format!("Bearer {token}").parse()).transpose();
        Ok(ServiceClient {
            calls: OrchestratorWorkerServiceClient::new(channel.clone()),
            channel,
            authorization: authorization.map_err(|_| wrong("SHOAL_WORKER_TOKEN is not printable ASCII"))?,
        })
    }

    pub async fn register(&mut self, request: RegisterWorkerRequest) -> Result<RegisterWorkerResponse, Status> {
        let request = self.request(request);
        answered(self.calls.register_worker(request)).await
    }

    pub async fn heartbeat(&mut self, request: HeartbeatRequest) -> Result<HeartbeatResponse, Status> {
        let request = self.request(request);
        answered(self.calls.heartbeat(request)).await
    }

    /// Resolves with the response headers: from then on commands arrive.
    pub async fn receive_commands(
        &mut self,
        environment: &Environment,
    ) -> Result<Streaming<GenericEventRequest>, Status> {
        let (worker_id, simulation_id) = (environment.worker_id.clone(), environment.simulation_id.clone());
        let request = self.request(ReceiveCommandsRequest { worker_id, simulation_id });
        Ok(self.calls.receive_commands(request).await?.into_inner())
    }

    /// Resolves with the response headers, which may not come before the first acknowledgement: send meanwhile.
    pub async fn report_event_batches(
        &self,
        batches: mpsc::Receiver<Batch>,
    ) -> Result<Streaming<ReportEventBatchesResponse>, Status> {
        let mut grpc = Grpc::new(self.channel.clone());
        grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let request = self.request(ReceiverStream::new(batches));
        let path = PathAndQuery::from_static(REPORT_EVENT_BATCHES);
        Ok(grpc.streaming(request, path, BatchCodec).await?.into_inner())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(authorization) = &self.authorization {
            request.metadata_mut().insert("authorization", authorization.clone());
        }
        request
    }
}

async fn answered<T>(call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T, Status> {
    match timeout(CALL_TIMEOUT, call).await {
        Ok(answer) => answer.map(Response::into_inner),
        Err(_) => Err(Status::deadline_exceeded(format!("no answer within {} s", CALL_TIMEOUT.as_secs()))),
    }
}
