//! An orchestrator for tests: a server of the worker service that keeps what it is told, and can be cut off.
use crate::environment::{CommandTransport, Environment};
use crate::proto::events::GenericEventRequest;
use crate::proto::orchestration::orchestrator_worker_service_server::{
    OrchestratorWorkerService, OrchestratorWorkerServiceServer,
};
use crate::proto::orchestration::{
    HeartbeatRequest, HeartbeatResponse, ReceiveCommandsRequest, RegisterWorkerRequest, RegisterWorkerResponse,
    ReportEventBatchesRequest, ReportEventBatchesResponse, ReportEventResponse, ReportEventStreamResponse,
};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status, Streaming};

const DEADLINE: Duration = Duration::from_secs(30);

/// What it was told, over all its servers, and what it is to do.
#[derive(Default)]
pub struct Seen {
    /// Names of calls, in order of arrival; heartbeats left out.
    pub calls: Vec<&'static str>,
    pub heartbeats: Vec<HeartbeatRequest>,
    pub batches: Vec<SeenBatch>,
    pub half_closed: bool,
    /// Batches after so many are not acknowledged.
    pub acknowledges: Option<usize>,
    pub refuses_with: Option<Code>,
    /// What registrations are answered.
    pub resume_after_ordinal: u64,
    acks: Vec<Ack>,
    commands: Option<mpsc::Sender<Result<GenericEventRequest, Status>>>,
}

#[derive(Clone)]
pub struct SeenBatch {
    /// Counted over all servers.
    pub stream: usize,
    pub sequence: u64,
    pub events: Vec<GenericEventRequest>,
}

struct Ack {
    stream: mpsc::Sender<Result<ReportEventBatchesResponse, Status>>,
    sequence: u64,
}

type Shared = Arc<(Mutex<Seen>, Condvar)>;

pub struct Orchestrator {
    pub address: SocketAddr,
    shared: Shared,
    runtime: Option<Runtime>,
}

impl Orchestrator {
    pub fn start() -> Orchestrator {
        let mut orchestrator =
            Orchestrator { address: ([127, 0, 0, 1], 0).into(), shared: Shared::default(), runtime: None };
        orchestrator.serve();
        orchestrator
    }

    /// Listens where it did before.
    pub fn serve(&mut self) {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(self.address)).unwrap();
        self.address = listener.local_addr().unwrap();
        let service = OrchestratorWorkerServiceServer::new(Service(self.shared.clone()));
        let incoming = TcpListenerStream::new(listener);
        runtime.spawn(tonic::transport::Server::builder().serve_with_incoming(service, incoming));
        self.runtime = Some(runtime);
    }

    /// Ends the server with all its connections.
    pub fn cut(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(DEADLINE);
        }
        self.seen().commands = None;
    }

    pub fn environment(&self) -> Environment {
        Environment {
            worker_id: "w-1".into(),
            simulation_id: "reef".into(),
            incarnation: 1,
            grpc_address: self.address.to_string(),
            token: Some("secret".into()),
            commands: CommandTransport::Grpc,
            config_file: None,
            config_content_type: "application/json".into(),
            seed: None,
            snapshot_dir: None,
            restore_file: None,
            orphan_timeout: DEADLINE,
            traceparent: None,
        }
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        // A test that fails while it holds this must still be able to end the server.
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until what it has seen is so.
    pub fn until(&self, what: &str, is_so: impl Fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let waited = self.shared.1.wait_timeout_while(self.seen(), DEADLINE, |seen| !is_so(seen)).unwrap();
        assert!(!waited.1.timed_out(), "not in time: {what}");
        waited.0
    }

    pub fn acknowledge_all(&self) {
        let mut seen = self.seen();
        seen.acknowledges = None;
        for Ack { stream, sequence } in seen.acks.drain(..) {
            let _ = stream.try_send(Ok(response(sequence)));
        }
    }

    pub fn command(&self, envelope: GenericEventRequest) {
        self.say(Ok(envelope));
    }

    pub fn end_commands(&self, code: Code) {
        self.say(Err(Status::new(code, "said the test")));
    }

    fn say(&self, what: Result<GenericEventRequest, Status>) {
        self.seen().commands.as_ref().unwrap().try_send(what).unwrap();
    }
}

impl Drop for Orchestrator {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Seen {
    /// Of all events, acknowledgements of commands included, in order of arrival.
    pub fn ids(&self) -> Vec<String> {
        self.batches.iter().flat_map(|it| &it.events).map(|it| it.event_id.clone()).collect()
    }

    pub fn acks_of(&self, command_id: &str) -> Vec<GenericEventRequest> {
        let events = self.batches.iter().flat_map(|it| &it.events);
        events.filter(|it| it.correlation_id == command_id).cloned().collect()
    }
}

struct Service(Shared);

impl Service {
    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl OrchestratorWorkerService for Service {
    type ReportEventStreamStream = Answers<ReportEventStreamResponse>;
    type ReportEventBatchesStream = Answers<ReportEventBatchesResponse>;
    type ReceiveCommandsStream = Answers<GenericEventRequest>;

    async fn register_worker(
        &self,
        _: Request<RegisterWorkerRequest>,
    ) -> Result<Response<RegisterWorkerResponse>, Status> {
        let (mut refusal, mut resume_after_ordinal) = (None, 0);
        self.note(|seen| {
            seen.calls.push("RegisterWorker");
            refusal = seen.refuses_with;
            resume_after_ordinal = seen.resume_after_ordinal;
        });
        if let Some(code) = refusal {
            return Err(Status::new(code, "said the test"));
        }
        Ok(Response::new(RegisterWorkerResponse {
            heartbeat_interval_ms: 20,
            max_batch_events: 10,
            max_in_flight_batches: 3,
            resume_after_ordinal,
            ..RegisterWorkerResponse::default()
        }))
    }

    async fn report_event(&self, _: Request<GenericEventRequest>) -> Result<Response<ReportEventResponse>, Status> {
        Err(Status::unimplemented("not by this library"))
    }

    async fn report_event_stream(
        &self,
        _: Request<Streaming<GenericEventRequest>>,
    ) -> Result<Response<Self::ReportEventStreamStream>, Status> {
        Err(Status::unimplemented("not by this library"))
    }

    async fn report_event_batches(
        &self,
        request: Request<Streaming<ReportEventBatchesRequest>>,
    ) -> Result<Response<Self::ReportEventBatchesStream>, Status> {
        let shared = self.0.clone();
        let (answers, stream) = mpsc::channel(1_000);
        let mut number = 0;
        self.note(|seen| {
            seen.calls.push("ReportEventBatches");
            number = seen.calls.iter().filter(|it| **it == "ReportEventBatches").count();
        });
        tokio::spawn(async move {
            let service = Service(shared);
            let mut batches = request.into_inner();
            while let Some(Ok(ReportEventBatchesRequest { sequence, events })) = batches.next().await {
                service.note(|seen| {
                    seen.batches.push(SeenBatch { stream: number, sequence, events });
                    if seen.acknowledges.is_none_or(|most| seen.batches.len() <= most) {
                        let _ = answers.try_send(Ok(response(sequence)));
                    } else {
                        seen.acks.push(Ack { stream: answers.clone(), sequence });
                    }
                });
            }
            service.note(|seen| seen.half_closed = true);
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    async fn receive_commands(
        &self,
        _: Request<ReceiveCommandsRequest>,
    ) -> Result<Response<Self::ReceiveCommandsStream>, Status> {
        let (sender, stream) = mpsc::channel(1_000);
        self.note(|seen| {
            seen.calls.push("ReceiveCommands");
            seen.commands = Some(sender);
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    async fn heartbeat(&self, request: Request<HeartbeatRequest>) -> Result<Response<HeartbeatResponse>, Status> {
        self.note(|seen| seen.heartbeats.push(request.into_inner()));
        Ok(Response::new(HeartbeatResponse::default()))
    }
}

fn response(sequence: u64) -> ReportEventBatchesResponse {
    ReportEventBatchesResponse { sequence, rejected: Vec::new() }
}
