use prost_types::value::Kind;
use prost_types::{Struct, Value as ProtoValue};
use serde_json::{Map, Number, Value};

/// Numbers up to here are whole in a double, and are given out as whole ones.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A `google.protobuf.Struct` as the JSON object that it stands for.
pub fn struct_to_json(from: Struct) -> Map<String, Value> {
    from.fields.into_iter().map(|(name, value)| (name, value_to_json(value))).collect()
}

fn value_to_json(value: ProtoValue) -> Value {
    match value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(it)) => Value::Bool(it),
        Some(Kind::NumberValue(it)) => number_to_json(it),
        Some(Kind::StringValue(it)) => Value::String(it),
        Some(Kind::StructValue(it)) => Value::Object(struct_to_json(it)),
        Some(Kind::ListValue(it)) => Value::Array(it.values.into_iter().map(value_to_json).collect()),
    }
}

fn number_to_json(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= MAX_WHOLE {
        Value::from(number as i64)
    } else {
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
}
