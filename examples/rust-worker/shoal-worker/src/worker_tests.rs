//! The library against a server that cuts connections and holds acknowledgements.
use crate::command::{Code as RefusalCode, CommandName, Request};
use crate::error::Error;
use crate::event::Event;
use crate::options::{OnCommand, WorkerOptions};
use crate::proto::events::GenericEventRequest;
use crate::proto::orchestration::CommandAck;
use crate::state::WorkerState;
use crate::testing::Orchestrator;
use crate::worker::Worker;
use prost::Message;
use std::time::Duration;
use tonic::Code;

const WHILE: Duration = Duration::from_secs(30);

fn connected(orchestrator: &Orchestrator) -> Worker {
    connected_with(orchestrator, WorkerOptions::default())
}

fn connected_with(orchestrator: &Orchestrator, options: WorkerOptions) -> Worker {
    Worker::connect_in(orchestrator.environment(), options).unwrap()
}

fn emit(worker: &Worker, count: usize) -> Vec<String> {
    (0..count).map(|_| worker.emit(Event::new("test.x.v1", b"x")).unwrap().to_string()).collect()
}

fn command(id: &str, key: &str, payload: Vec<u8>) -> GenericEventRequest {
    GenericEventRequest {
        event_id: id.into(),
        event_type_key: key.into(),
        event_payload: payload.into(),
        ..GenericEventRequest::default()
    }
}

fn ack_in(event: &GenericEventRequest) -> CommandAck {
    CommandAck::decode(event.event_payload.clone()).unwrap()
}

#[test]
fn it_listens_before_it_registers_and_numbers_its_batches() {
    let orchestrator = Orchestrator::start();
    let worker = connected(&orchestrator);
    let sent = emit(&worker, 100);
    worker.close().unwrap();
    let seen = orchestrator.seen();
    assert_eq!(seen.calls, ["ReceiveCommands", "RegisterWorker", "ReportEventBatches"]);
    assert_eq!(seen.ids(), sent);
    assert!(seen.batches.iter().zip(1..).all(|(batch, number)| batch.sequence == number && batch.events.len() <= 10));
    let ordinals: Vec<u64> = seen.batches.iter().flat_map(|it| &it.events).map(|it| it.ordinal).collect();
    assert_eq!(ordinals, (1..=100).collect::<Vec<_>>());
}

#[test]
fn what_was_not_acknowledged_comes_again_after_a_cut_in_the_old_order_and_what_was_does_not() {
    let mut orchestrator = Orchestrator::start();
    orchestrator.seen().acknowledges = Some(2);
    let worker = connected(&orchestrator);
    let sent = emit(&worker, 100);
    drop(orchestrator.until("three batches beyond those acknowledged", |seen| seen.batches.len() == 5));
    orchestrator.cut();
    let first = std::mem::take(&mut orchestrator.seen().batches);
    orchestrator.seen().acknowledges = None;
    orchestrator.serve();
    worker.close().unwrap();
    let seen = orchestrator.seen();
    assert!(seen.batches.iter().zip(1..).all(|(batch, number)| batch.stream == 2 && batch.sequence == number));
    assert_eq!(first.len(), 5);
    let acknowledged: usize = first[..2].iter().map(|it| it.events.len()).sum();
    assert_eq!(seen.ids(), sent[acknowledged..]);
}

#[test]
fn what_shoal_dealt_with_although_its_acknowledgement_was_lost_does_not_come_again() {
    let mut orchestrator = Orchestrator::start();
    orchestrator.seen().acknowledges = Some(1);
    let worker = connected(&orchestrator);
    let sent = emit(&worker, 100);
    drop(orchestrator.until("three batches beyond the one acknowledged", |seen| seen.batches.len() == 4));
    orchestrator.cut();
    let dealt_with = {
        let mut seen = orchestrator.seen();
        let first = std::mem::take(&mut seen.batches);
        seen.acknowledges = None;
        // In the middle of what is held: one whole batch of it, and an event of the next.
        seen.resume_after_ordinal = first[2].events[0].ordinal;
        seen.resume_after_ordinal
    };
    orchestrator.serve();
    worker.close().unwrap();
    let seen = orchestrator.seen();
    assert_eq!(seen.ids(), sent[usize::try_from(dealt_with).unwrap()..]);
    assert!(seen.batches.iter().zip(1..).all(|(batch, number)| batch.stream == 2 && batch.sequence == number));
}

#[test]
fn emit_holds_while_too_many_are_not_acknowledged() {
    let orchestrator = Orchestrator::start();
    orchestrator.seen().acknowledges = Some(0);
    let options = WorkerOptions { max_buffered_events: 25, ..WorkerOptions::default() };
    let worker = connected_with(&orchestrator, options);
    let sent = std::thread::scope(|threads| {
        let emitting = threads.spawn(|| emit(&worker, 200));
        drop(orchestrator.until("as much as may be in flight", |seen| seen.ids().len() == 25));
        assert!(!emitting.is_finished());
        orchestrator.acknowledge_all();
        emitting.join().unwrap()
    });
    worker.close().unwrap();
    assert_eq!(orchestrator.seen().ids(), sent);
}

#[test]
fn a_command_that_comes_again_is_answered_again_and_given_out_once() {
    let orchestrator = Orchestrator::start();
    let worker = connected(&orchestrator);
    let step = command("c-1", "orchestrator.control.step", vec![0x08, 0x05]);
    orchestrator.command(step.clone());
    orchestrator.command(step.clone());
    orchestrator.command(command("c-2", "orchestrator.control.pause", Vec::new()));
    let given = worker.next_command(WHILE).unwrap().unwrap();
    // Behind it, so that both copies have come while the first one is not answered.
    assert_eq!(worker.next_command(WHILE).unwrap().unwrap().id(), "c-2");
    assert_eq!(given.request(), &Request::Step { ticks: 5 });
    worker.stand(5, WorkerState::Paused);
    given.acknowledge();
    given.refuse(RefusalCode::Internal, "too late");
    let acks = orchestrator.until("the acknowledgement", |seen| !seen.acks_of("c-1").is_empty()).acks_of("c-1");
    assert_eq!(acks.len(), 1);
    worker.set_tick(6);
    orchestrator.command(step);
    let acks = orchestrator.until("it again", |seen| seen.acks_of("c-1").len() == 2).acks_of("c-1");
    assert_eq!(acks[0].event_payload, acks[1].event_payload);
    assert_ne!(acks[0].event_id, acks[1].event_id);
    let ack = ack_in(&acks[0]);
    assert_eq!((ack.ok, ack.tick, ack.state), (true, 5, WorkerState::Paused as i32));
    assert!(worker.try_command().unwrap().is_none());
}

#[test]
fn a_command_may_be_answered_where_it_arrives_and_what_is_given_back_goes_to_the_thread() {
    let orchestrator = Orchestrator::start();
    let on_command: OnCommand = Box::new(|command| {
        let Request::Step { ticks } = command.request() else { return Some(command) };
        let (tick, state) = command.standing();
        command.stand(tick + ticks, state);
        command.acknowledge();
        None
    });
    let options = WorkerOptions { on_command: Some(on_command), ..WorkerOptions::default() };
    let worker = connected_with(&orchestrator, options);
    worker.stand(3, WorkerState::Paused);
    let step = command("c-1", "orchestrator.control.step", vec![0x08, 5]);
    orchestrator.command(step.clone());
    orchestrator.command(step);
    orchestrator.command(command("c-2", "orchestrator.control.pause", Vec::new()));
    assert_eq!(worker.next_command(WHILE).unwrap().unwrap().id(), "c-2");
    let acks = orchestrator.until("both answers", |seen| seen.acks_of("c-1").len() == 2).acks_of("c-1");
    let ticks = acks.iter().map(|it| ack_in(it).tick).collect::<Vec<_>>();
    assert_eq!((ticks, worker.tick(), worker.state()), (vec![8, 8], 8, WorkerState::Paused));
}

#[test]
fn what_the_worker_cannot_do_is_refused_without_asking_it() {
    let orchestrator = Orchestrator::start();
    let supported_commands = Some(vec![CommandName::Pause]);
    let worker = connected_with(&orchestrator, WorkerOptions { supported_commands, ..WorkerOptions::default() });
    orchestrator.command(command("broken", "orchestrator.control.step", vec![0xff]));
    orchestrator.command(command("custom", "sim.feed.v1", Vec::new()));
    orchestrator.command(command("newer", "orchestrator.control.dance", Vec::new()));
    orchestrator.command(command("pause", "orchestrator.control.pause", Vec::new()));
    assert_eq!(worker.next_command(WHILE).unwrap().unwrap().id(), "pause");
    for (id, code) in [("broken", 3), ("custom", 12), ("newer", 12)] {
        let acks = orchestrator.until(id, |seen| !seen.acks_of(id).is_empty()).acks_of(id);
        let ack = ack_in(&acks[0]);
        assert_eq!((ack.ok, ack.code), (false, code), "{id}");
    }
}

#[test]
fn heartbeats_tell_where_it_stands_and_the_last_one_where_it_ended() {
    let orchestrator = Orchestrator::start();
    let worker = connected(&orchestrator);
    worker.stand(7, WorkerState::Paused);
    drop(orchestrator.until("a heartbeat of tick 7", |seen| seen.heartbeats.iter().any(|it| it.tick == 7)));
    worker.stand(9, WorkerState::Stopping);
    worker.close().unwrap();
    let last = orchestrator.seen().heartbeats.last().map(|it| (it.tick, it.state));
    assert_eq!(last, Some((9, WorkerState::Stopping as i32)));
}

#[test]
fn heartbeats_go_on_between_connections_and_an_answered_one_counts_as_reached() {
    let mut orchestrator = Orchestrator::start();
    let mut environment = orchestrator.environment();
    environment.orphan_timeout = Duration::from_secs(1);
    let worker = Worker::connect_in(environment, WorkerOptions::default()).unwrap();
    // At 20 ms each they take twice the orphan timeout.
    let many_more = |orchestrator: &Orchestrator| {
        let before = orchestrator.seen().heartbeats.len();
        drop(orchestrator.until("heartbeats", |seen| seen.heartbeats.len() >= before + 100));
    };
    orchestrator.seen().refuses_with = Some(Code::Unavailable);
    orchestrator.end_commands(Code::Unavailable);
    let registrations = |calls: &[&str]| calls.iter().filter(|it| **it == "RegisterWorker").count();
    drop(orchestrator.until("a refusal", |seen| registrations(&seen.calls) == 2));
    many_more(&orchestrator);
    orchestrator.cut();
    orchestrator.serve();
    many_more(&orchestrator);
    orchestrator.seen().refuses_with = None;
    let sent = emit(&worker, 1);
    worker.close_within(WHILE).unwrap();
    assert_eq!(orchestrator.seen().ids(), sent);
}

#[test]
fn close_waits_for_the_last_acknowledgement_and_then_half_closes() {
    let orchestrator = Orchestrator::start();
    orchestrator.seen().acknowledges = Some(0);
    let worker = connected(&orchestrator);
    emit(&worker, 1);
    std::thread::scope(|threads| {
        let closing = threads.spawn(|| worker.close());
        drop(orchestrator.until("the event", |seen| seen.ids().len() == 1));
        assert!(!closing.is_finished() && !orchestrator.seen().half_closed);
        orchestrator.acknowledge_all();
        closing.join().unwrap().unwrap();
    });
    drop(orchestrator.until("the half-close", |seen| seen.half_closed));
}

#[test]
fn close_within_a_time_tells_what_is_left() {
    let orchestrator = Orchestrator::start();
    orchestrator.seen().acknowledges = Some(0);
    let worker = connected(&orchestrator);
    emit(&worker, 3);
    let within = Duration::from_millis(50);
    assert_eq!(worker.close_within(within), Err(Error::NotAcknowledged { events: 3, within }));
}

#[test]
fn a_worker_that_is_replaced_is_lost() {
    let orchestrator = Orchestrator::start();
    let worker = connected(&orchestrator);
    orchestrator.end_commands(Code::Aborted);
    let Err(Error::Lost(reason)) = worker.next_command(WHILE) else { panic!("it was not lost") };
    assert!(reason.contains("Aborted"), "{reason}");
    assert!(matches!(worker.emit(Event::new("test.x.v1", b"x")), Err(Error::Lost(_))));
}

#[test]
fn a_command_stream_that_breaks_is_opened_again() {
    let orchestrator = Orchestrator::start();
    let worker = connected(&orchestrator);
    orchestrator.end_commands(Code::Unavailable);
    drop(
        orchestrator
            .until("registered again", |seen| seen.calls.iter().filter(|it| **it == "RegisterWorker").count() == 2),
    );
    orchestrator.command(command("c-1", "orchestrator.control.pause", Vec::new()));
    assert_eq!(worker.next_command(WHILE).unwrap().unwrap().request(), &Request::Pause);
}

#[test]
fn a_worker_that_is_refused_for_good_does_not_try_again() {
    let orchestrator = Orchestrator::start();
    orchestrator.seen().refuses_with = Some(Code::PermissionDenied);
    let refused = Worker::connect_in(orchestrator.environment(), WorkerOptions::default());
    assert!(matches!(refused, Err(Error::Lost(_))));
    assert_eq!(orchestrator.seen().calls, ["ReceiveCommands", "RegisterWorker"]);
}

#[test]
fn a_worker_gives_up_when_nobody_answers_for_the_orphan_timeout() {
    let mut orchestrator = Orchestrator::start();
    let mut environment = orchestrator.environment();
    environment.orphan_timeout = Duration::from_millis(300);
    orchestrator.cut();
    let Err(Error::Lost(reason)) = Worker::connect_in(environment, WorkerOptions::default()) else {
        panic!("it was not lost");
    };
    assert!(reason.starts_with("Shoal could not be reached for 300 ms"), "{reason}");
}

#[test]
fn a_callback_that_panics_loses_the_worker_rather_than_hold_it() {
    let orchestrator = Orchestrator::start();
    let gauges = Box::new(|| panic!("a gauge"));
    let options = WorkerOptions { gauges, ..WorkerOptions::default() };
    let heard = Worker::connect_in(orchestrator.environment(), options).and_then(|it| it.next_command(WHILE));
    let Err(Error::Lost(reason)) = heard else { panic!("it was not lost") };
    assert!(reason.contains("task failed"), "{reason}");
}
