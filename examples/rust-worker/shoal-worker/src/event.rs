use bytes::{BufMut, Bytes, BytesMut};
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};
use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Something that happened, to be reported.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Such as `sim.world_state.v1`; selects the route.
    pub key: &'a str,
    pub payload: &'a [u8],
    /// A media type, such as `application/json`.
    pub content_type: &'a str,
    /// What routes may need, such as `agent_id` and `tick`; each name once.
    pub attributes: &'a [(&'a str, &'a str)],
    /// When it happened, in ns since the Unix epoch; None: now.
    pub timestamp_ns: Option<i64>,
    /// The command or request that it answers.
    pub correlation_id: &'a str,
}

impl<'a> Event<'a> {
    pub fn new(key: &'a str, payload: &'a [u8]) -> Event<'a> {
        Event { key, payload, content_type: "", attributes: &[], timestamp_ns: None, correlation_id: "" }
    }

    pub fn content_type(self, content_type: &'a str) -> Event<'a> {
        Event { content_type, ..self }
    }

    pub fn attributes(self, attributes: &'a [(&'a str, &'a str)]) -> Event<'a> {
        Event { attributes, ..self }
    }

    pub fn timestamp_ns(self, timestamp_ns: i64) -> Event<'a> {
        Event { timestamp_ns: Some(timestamp_ns), ..self }
    }
}

/// What an event was reported as; shown as its event id.
#[derive(Clone, Debug)]
pub struct Receipt {
    prefix: Arc<str>,
    /// Rises by 1 with every event of this process, acknowledgements of commands included.
    pub ordinal: u64,
}

impl fmt::Display for Receipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.prefix, self.ordinal)
    }
}

/// Makes envelopes of one worker's events: gives them ids, ordinals and a time.
pub struct EventMaker {
    worker_id: String,
    simulation_id: String,
    /// Of this process alone, so that the ids of an earlier incarnation never come again.
    prefix: Arc<str>,
    ordinal: u64,
}

impl EventMaker {
    pub fn new(worker_id: &str, simulation_id: &str, prefix: &str) -> EventMaker {
        let (worker_id, simulation_id) = (worker_id.to_owned(), simulation_id.to_owned());
        EventMaker { worker_id, simulation_id, prefix: prefix.into(), ordinal: 0 }
    }

    /// Goes on after the ordinal that Shoal knows of this incarnation, unless events were made already: a process that
    /// was this worker before has used them, and ours would pass for its.
    pub fn go_on_after(&mut self, ordinal: u64) {
        if self.ordinal == 0 {
            self.ordinal = ordinal;
        }
    }

    /// A serialised `GenericEventRequest`. Its ordinal is used up only by [`EventMaker::keep`].
    pub fn make(&self, event: &Event) -> (Bytes, Receipt) {
        let receipt = Receipt { prefix: self.prefix.clone(), ordinal: self.ordinal + 1 };
        let id = receipt.to_string();
        let mut out = BytesMut::with_capacity(256 + event.payload.len() + id.len());
        put_bytes(&mut out, 1, id.as_bytes());
        put_bytes(&mut out, 2, event.key.as_bytes());
        put_bytes(&mut out, 3, event.payload);
        put_number(&mut out, 4, event.timestamp_ns.unwrap_or_else(now_ns) as u64);
        put_bytes(&mut out, 5, self.worker_id.as_bytes());
        put_bytes(&mut out, 6, self.simulation_id.as_bytes());
        put_bytes(&mut out, 7, event.content_type.as_bytes());
        put_bytes(&mut out, 8, event.correlation_id.as_bytes());
        for (name, value) in event.attributes {
            encode_key(9, WireType::LengthDelimited, &mut out);
            encode_varint((framed_len(name.len()) + framed_len(value.len())) as u64, &mut out);
            put_entry(&mut out, 1, name);
            put_entry(&mut out, 2, value);
        }
        put_number(&mut out, 10, receipt.ordinal);
        (out.freeze(), receipt)
    }

    pub fn keep(&mut self, receipt: &Receipt) {
        self.ordinal = receipt.ordinal;
    }
}

/// How much a message of this length takes within another: with tag and length.
pub fn framed_len(len: usize) -> usize {
    1 + encoded_len_varint(len as u64) + len
}

pub fn now_ns() -> i64 {
    // A clock before 1970 is nothing a worker can mend: Shoal then fills in its own time.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64)
}

fn put_number(out: &mut BytesMut, field: u32, value: u64) {
    encode_key(field, WireType::Varint, out);
    encode_varint(value, out);
}

/// Nothing for an empty one, as proto3 leaves defaults out.
fn put_bytes(out: &mut BytesMut, field: u32, value: &[u8]) {
    if !value.is_empty() {
        encode_key(field, WireType::LengthDelimited, out);
        encode_varint(value.len() as u64, out);
        out.put_slice(value);
    }
}

fn put_entry(out: &mut BytesMut, field: u32, text: &str) {
    encode_key(field, WireType::LengthDelimited, out);
    encode_varint(text.len() as u64, out);
    out.put_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::events::GenericEventRequest;
    use prost::Message;

    #[test]
    fn an_envelope_is_what_the_generated_code_reads() {
        let mut maker = EventMaker::new("w-1", "reef", "p");
        maker.go_on_after(7);
        let attributes = [("agent_id", "f-1"), ("empty", "")];
        let event =
            Event::new("sim.x.v1", b"payload").content_type("text/plain").attributes(&attributes).timestamp_ns(5);
        let (bytes, receipt) = maker.make(&event);
        let read = GenericEventRequest::decode(bytes).unwrap();
        let expected = GenericEventRequest {
            event_id: "p-8".into(),
            event_type_key: "sim.x.v1".into(),
            event_payload: "payload".into(),
            timestamp_ns: 5,
            source_worker_id: "w-1".into(),
            simulation_id: "reef".into(),
            payload_content_type: "text/plain".into(),
            correlation_id: String::new(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ordinal: 8,
        };
        assert_eq!(read, expected);
        assert_eq!((receipt.to_string().as_str(), receipt.ordinal), ("p-8", 8));
    }
}
