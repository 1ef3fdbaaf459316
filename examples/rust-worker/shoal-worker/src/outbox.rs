use crate::batch_codec::BATCH_OVERHEAD_BYTES;
use crate::event::framed_len;
use bytes::Bytes;
use std::collections::VecDeque;

/// How many events may wait or be unacknowledged before there is no room for more.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub max_events: usize,
    pub max_bytes: usize,
}

/// What RegisterWorker told.
#[derive(Clone, Copy, Debug)]
pub struct BatchLimits {
    pub max_events: usize,
    pub max_bytes: usize,
    pub max_in_flight: usize,
}

#[derive(Debug, PartialEq)]
pub struct Batch {
    /// From 1, rising by 1 within a stream.
    pub sequence: u64,
    pub envelopes: Vec<Bytes>,
}

/// The events that Shoal has not acknowledged, in the order they were reported: first those sent, then those that wait.
///
/// An event leaves when its batch is acknowledged and not before, so that after a break all of them go out again in the
/// same order. Knows no time and no transport.
pub struct Outbox {
    bounds: Bounds,
    events: VecDeque<Kept>,
    /// How many events at the front were sent.
    sent: usize,
    bytes: usize,
    /// Of those that wait, as they count in a batch.
    waiting_bytes: usize,
    sequence: u64,
    /// Of the events ever sent, the highest.
    sent_ordinal: u64,
    in_flight: VecDeque<InFlight>,
}

struct Kept {
    envelope: Bytes,
    ordinal: u64,
}

struct InFlight {
    sequence: u64,
    events: usize,
}

impl Outbox {
    pub fn new(bounds: Bounds) -> Outbox {
        let (events, in_flight) = (VecDeque::new(), VecDeque::new());
        Outbox { bounds, events, sent: 0, bytes: 0, waiting_bytes: 0, sequence: 0, sent_ordinal: 0, in_flight }
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn waiting(&self) -> usize {
        self.events.len() - self.sent
    }

    pub fn has_room(&self) -> bool {
        self.len() < self.bounds.max_events && self.bytes < self.bounds.max_bytes
    }

    pub fn add(&mut self, envelope: Bytes, ordinal: u64) {
        self.bytes += envelope.len();
        self.waiting_bytes += framed_len(envelope.len());
        self.events.push_back(Kept { envelope, ordinal });
    }

    /// Whether the waiting events would fill a batch.
    pub fn fills_batch(&self, limits: &BatchLimits) -> bool {
        self.waiting() >= limits.max_events || self.waiting_bytes + BATCH_OVERHEAD_BYTES >= limits.max_bytes
    }

    pub fn may_send(&self, limits: &BatchLimits) -> bool {
        self.waiting() > 0 && self.in_flight.len() < limits.max_in_flight
    }

    /// Takes the next waiting events to be sent; nothing while none wait or as many batches as allowed are in flight.
    pub fn next_batch(&mut self, limits: &BatchLimits) -> Option<Batch> {
        if !self.may_send(limits) {
            return None;
        }
        let mut envelopes = Vec::with_capacity(self.waiting().min(limits.max_events));
        let mut size = BATCH_OVERHEAD_BYTES;
        while envelopes.len() < limits.max_events {
            let Some(Kept { envelope, ordinal }) = self.events.get(self.sent) else { break };
            let more = framed_len(envelope.len());
            // One event alone is sent whatever the limit: Shoal then rejects it, and says so, rather than we hold it.
            if !envelopes.is_empty() && size + more > limits.max_bytes {
                break;
            }
            envelopes.push(envelope.clone());
            self.sent_ordinal = self.sent_ordinal.max(*ordinal);
            size += more;
            self.sent += 1;
            self.waiting_bytes -= more;
        }
        self.sequence += 1;
        self.in_flight.push_back(InFlight { sequence: self.sequence, events: envelopes.len() });
        Some(Batch { sequence: self.sequence, envelopes })
    }

    /// All batches up to this one are dealt with.
    pub fn acknowledge(&mut self, sequence: u64) {
        let batches = self.in_flight.iter().take_while(|it| it.sequence <= sequence).count();
        let events = self.in_flight.drain(..batches).map(|it| it.events).sum::<usize>();
        self.sent -= events;
        self.bytes -= self.events.drain(..events).map(|it| it.envelope.len()).sum::<usize>();
    }

    /// For a new stream: everything not acknowledged waits again, and sequences start at 1.
    pub fn restart(&mut self) {
        self.waiting_bytes = self.events.iter().map(|it| framed_len(it.envelope.len())).sum();
        self.sent = 0;
        self.sequence = 0;
        self.in_flight.clear();
    }

    /// Forgets what Shoal dealt with although its ack was lost; only between [`Outbox::restart`] and the first batch.
    pub fn skip_through(&mut self, ordinal: u64) {
        // What was never sent is not what Shoal means, whoever it was that used these ordinals before.
        let last = ordinal.min(self.sent_ordinal);
        let done = self.events.iter().take_while(|it| it.ordinal <= last).count();
        for kept in self.events.drain(..done) {
            self.bytes -= kept.envelope.len();
            self.waiting_bytes -= framed_len(kept.envelope.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: BatchLimits = BatchLimits { max_events: 3, max_bytes: 1_000, max_in_flight: 2 };

    fn outbox_with(events: u64) -> Outbox {
        let mut outbox = Outbox::new(Bounds { max_events: 8, max_bytes: 10_000 });
        for ordinal in 1..=events {
            outbox.add(Bytes::from(vec![ordinal as u8; 10]), ordinal);
        }
        outbox
    }

    fn first_bytes(batch: Option<Batch>) -> Option<(u64, Vec<u8>)> {
        batch.map(|it| (it.sequence, it.envelopes.iter().map(|envelope| envelope[0]).collect()))
    }

    #[test]
    fn batches_keep_the_order_and_no_more_are_in_flight_than_allowed() {
        let mut outbox = outbox_with(7);
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((1, vec![1, 2, 3])));
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((2, vec![4, 5, 6])));
        assert_eq!(outbox.next_batch(&LIMITS), None);
        outbox.acknowledge(1);
        assert_eq!(outbox.len(), 4);
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((3, vec![7])));
    }

    #[test]
    fn a_new_stream_begins_at_one_with_all_that_was_not_acknowledged() {
        let mut outbox = outbox_with(7);
        outbox.next_batch(&LIMITS);
        outbox.next_batch(&LIMITS);
        outbox.acknowledge(1);
        outbox.restart();
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((1, vec![4, 5, 6])));
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((2, vec![7])));
        outbox.acknowledge(2);
        assert_eq!((outbox.len(), outbox.bytes, outbox.waiting_bytes), (0, 0, 0));
    }

    #[test]
    fn what_shoal_has_dealt_with_is_left_out_and_what_was_never_sent_is_not() {
        let mut outbox = outbox_with(7);
        outbox.next_batch(&LIMITS);
        outbox.restart();
        outbox.skip_through(100);
        assert_eq!(first_bytes(outbox.next_batch(&LIMITS)), Some((1, vec![4, 5, 6])));
    }

    #[test]
    fn a_batch_keeps_the_limit_of_bytes_unless_it_is_one_event() {
        let limits = BatchLimits { max_bytes: 11 + 2 * 12, ..LIMITS };
        let mut outbox = outbox_with(3);
        outbox.add(Bytes::from(vec![4; 500]), 4);
        assert!(outbox.fills_batch(&limits));
        assert_eq!(first_bytes(outbox.next_batch(&limits)), Some((1, vec![1, 2])));
        assert_eq!(first_bytes(outbox.next_batch(&limits)), Some((2, vec![3])));
        outbox.acknowledge(2);
        assert_eq!(first_bytes(outbox.next_batch(&limits)), Some((3, vec![4])));
    }

    #[test]
    fn room_ends_at_either_bound() {
        assert!(outbox_with(7).has_room());
        assert!(!outbox_with(8).has_room());
        let mut heavy = outbox_with(1);
        heavy.add(Bytes::from(vec![0; 9_990]), 2);
        assert!(!heavy.has_room());
    }
}
