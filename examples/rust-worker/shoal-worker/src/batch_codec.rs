use crate::event::framed_len;
use crate::outbox::Batch;
use crate::proto::orchestration::ReportEventBatchesResponse;
use bytes::BufMut;
use prost::encoding::{WireType, encode_key, encode_varint};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, EncodeBuf, Encoder};
use tonic_prost::{ProstCodec, ProstDecoder};

/// Sends envelopes that are serialised already as a `ReportEventBatchesRequest`: an event is encoded once, however
/// often it is sent.
pub struct BatchCodec;

impl Codec for BatchCodec {
    type Encode = Batch;
    type Decode = ReportEventBatchesResponse;
    type Encoder = BatchEncoder;
    type Decoder = ProstDecoder<ReportEventBatchesResponse>;

    fn encoder(&mut self) -> BatchEncoder {
        BatchEncoder
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<ReportEventBatchesResponse, _>::raw_decoder(BufferSettings::default())
    }
}

pub struct BatchEncoder;

impl Encoder for BatchEncoder {
    type Item = Batch;
    type Error = Status;

    fn encode(&mut self, batch: Batch, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        let len = BATCH_OVERHEAD_BYTES + batch.envelopes.iter().map(|it| framed_len(it.len())).sum::<usize>();
        out.reserve(len);
        encode_key(1, WireType::Varint, out);
        encode_varint(batch.sequence, out);
        for envelope in batch.envelopes {
            encode_key(2, WireType::LengthDelimited, out);
            encode_varint(envelope.len() as u64, out);
            out.put(envelope);
        }
        Ok(())
    }
}

/// The most that a batch takes beside its envelopes: tag and value of `sequence`.
pub const BATCH_OVERHEAD_BYTES: usize = 11;
