use crate::error::Error;
use crate::event::{Event, EventMaker, Receipt};
use crate::outbox::{Batch, BatchLimits, Bounds, Outbox};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Between the thread that reports events and the task that sends them.
///
/// A batch goes at once when it is full or holds something urgent, else when its first event has waited for the linger;
/// never more batches than may be in flight.
pub struct Reporter {
    linger: Duration,
    inner: Mutex<Inner>,
    /// There is room again, or there never will be: told while somebody waits for it.
    room: Condvar,
    /// Something to send, or the end.
    changed: Notify,
}

struct Inner {
    maker: EventMaker,
    outbox: Outbox,
    max_event_bytes: usize,
    /// None while no stream is attached.
    limits: Option<BatchLimits>,
    /// When what waits must go; None while nothing waits.
    due: Option<Instant>,
    closing: bool,
    lost: Option<Error>,
    waiting_for_room: usize,
}

/// What the sending task does next.
#[derive(Debug)]
pub enum Next {
    Send(Batch),
    /// Nothing before this time, unless something changes.
    Wait(Instant),
    /// Nothing until something changes.
    Idle,
    /// All is acknowledged, and nothing more will come.
    End,
}

impl Inner {
    fn is_done(&self) -> bool {
        self.closing && self.outbox.len() == 0
    }
}

impl Reporter {
    pub fn new(maker: EventMaker, bounds: Bounds, linger: Duration) -> Reporter {
        let inner = Inner {
            maker,
            outbox: Outbox::new(bounds),
            max_event_bytes: usize::MAX,
            limits: None,
            due: None,
            closing: false,
            lost: None,
            waiting_for_room: 0,
        };
        Reporter { linger, inner: Mutex::new(inner), room: Condvar::new(), changed: Notify::new() }
    }

    /// Blocks the calling thread while there is no room.
    pub fn emit(&self, event: &Event) -> Result<Receipt, Error> {
        let mut inner = self.lock();
        let is_held = |it: &mut Inner| it.lost.is_none() && !it.outbox.has_room();
        inner.waiting_for_room += 1;
        let mut inner = self.room.wait_while(inner, is_held).unwrap_or_else(PoisonError::into_inner);
        inner.waiting_for_room -= 1;
        self.report(inner, event, Instant::now() + self.linger)
    }

    /// Never blocks; it and all before it go without linger.
    pub fn report_urgent(&self, event: &Event) -> Result<Receipt, Error> {
        self.report(self.lock(), event, Instant::now())
    }

    fn report(&self, mut inner: MutexGuard<Inner>, event: &Event, due: Instant) -> Result<Receipt, Error> {
        if let Some(lost) = &inner.lost {
            return Err(lost.clone());
        }
        let (envelope, receipt) = inner.maker.make(event);
        if envelope.len() > inner.max_event_bytes {
            let (key, bytes, max_bytes) = (event.key.to_owned(), envelope.len(), inner.max_event_bytes);
            return Err(Error::EventTooLarge { key, bytes, max_bytes });
        }
        inner.maker.keep(&receipt);
        inner.outbox.add(envelope, receipt.ordinal);
        let is_sooner = inner.due.is_none_or(|it| due < it);
        if is_sooner {
            inner.due = Some(due);
        }
        let is_full = inner.limits.is_some_and(|limits| inner.outbox.fills_batch(&limits));
        drop(inner);
        if is_sooner || is_full {
            self.changed.notify_one();
        }
        Ok(receipt)
    }

    /// As of a registration. Called before [`Reporter::attach`].
    pub fn registered(&self, max_event_bytes: usize, resume_after_ordinal: u64) {
        let mut inner = self.lock();
        inner.max_event_bytes = max_event_bytes;
        inner.maker.go_on_after(resume_after_ordinal);
        inner.outbox.skip_through(resume_after_ordinal);
    }

    /// Begins a stream, which sends again what is not acknowledged, then what waits.
    pub fn attach(&self, limits: BatchLimits) {
        let mut inner = self.lock();
        inner.limits = Some(limits);
        inner.due = (inner.outbox.waiting() > 0).then(Instant::now);
        drop(inner);
        self.changed.notify_one();
    }

    /// The stream is gone; events are kept until the next.
    pub fn detach(&self) {
        let mut inner = self.lock();
        inner.limits = None;
        inner.outbox.restart();
    }

    pub fn next(&self) -> Next {
        let mut inner = self.lock();
        if inner.is_done() {
            return Next::End;
        }
        let Some(limits) = inner.limits else { return Next::Idle };
        if !inner.outbox.may_send(&limits) {
            return Next::Idle;
        }
        let due = inner.due.unwrap_or_else(Instant::now);
        if due > Instant::now() && !inner.closing && !inner.outbox.fills_batch(&limits) {
            return Next::Wait(due);
        }
        let batch = inner.outbox.next_batch(&limits);
        if inner.outbox.waiting() == 0 {
            inner.due = None;
        }
        batch.map_or(Next::Idle, Next::Send)
    }

    /// Resolves when [`Reporter::next`] may have something new to say.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    pub fn acknowledge(&self, sequence: u64) {
        let mut inner = self.lock();
        inner.outbox.acknowledge(sequence);
        let is_waited_for = inner.waiting_for_room > 0;
        drop(inner);
        if is_waited_for {
            self.room.notify_all();
        }
        self.changed.notify_one();
    }

    /// Nothing more will be reported: what waits goes at once, and then comes the end.
    pub fn close(&self) {
        self.lock().closing = true;
        self.changed.notify_one();
    }

    /// All is acknowledged after the close.
    pub fn is_done(&self) -> bool {
        self.lock().is_done()
    }

    pub fn lost(&self) -> Option<Error> {
        self.lock().lost.clone()
    }

    /// Nothing will be acknowledged any more: whoever reports, now or later, is told so.
    pub fn lose(&self, error: &Error) {
        self.lock().lost.get_or_insert_with(|| error.clone());
        self.room.notify_all();
    }

    pub fn not_acknowledged(&self) -> usize {
        self.lock().outbox.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
