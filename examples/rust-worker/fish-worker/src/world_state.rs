//! The FlatBuffer of `examples/fish-school/schema/world_state.fbs`, written by hand: flatc is not needed to build this.
use crate::ocean::Point;
use crate::world::World;
use flatbuffers::{FlatBufferBuilder, Push, PushAlignment, TableFinishedWIPOffset, VOffsetT, WIPOffset};

pub const WORLD_STATE_CONTENT_TYPE: &str = "application/vnd.google.flatbuffers; type=WorldStateUpdate";

/// Where the fields of a table are found: the first is at 4, each next one 2 further.
const fn slot(field: VOffsetT) -> VOffsetT {
    4 + 2 * field
}

/// The world as of now; both lists are sorted by id, as their key demands.
pub fn encode_world_state(world: &World, simulation_id: &str, timestamp_ns: i64) -> Vec<u8> {
    let size = 64 * (world.fish().len() + world.food().len()) + 256;
    let mut builder = FlatBufferBuilder::with_capacity(size);
    let agents = placed(&mut builder, world.fish().iter().map(|it| (it.id.as_str(), it.pos)).collect());
    let food = placed(&mut builder, world.food().iter().map(|it| (it.id.as_str(), it.pos)).collect());
    let agents = builder.create_vector(&agents);
    let food = builder.create_vector(&food);
    let simulation_id = builder.create_string(simulation_id);
    let table = builder.start_table();
    builder.push_slot(slot(0), timestamp_ns, 0_i64);
    builder.push_slot_always(slot(1), simulation_id);
    builder.push_slot(slot(2), world.tick(), 0_u64);
    builder.push_slot_always(slot(3), agents);
    builder.push_slot_always(slot(4), food);
    let root = builder.end_table(table);
    builder.finish(WIPOffset::<TableFinishedWIPOffset>::new(root.value()), None);
    builder.finished_data().to_vec()
}

/// `AgentState` and `FoodPelletState`, which have the same fields: id and pos.
fn placed(builder: &mut FlatBufferBuilder, mut things: Vec<(&str, Point)>) -> Vec<WIPOffset<TableFinishedWIPOffset>> {
    things.sort_unstable_by_key(|(id, _)| *id);
    let states = things.into_iter().map(|(id, pos)| {
        let id = builder.create_string(id);
        let table = builder.start_table();
        builder.push_slot_always(slot(0), id);
        builder.push_slot_always(slot(1), Vec2f { x: pos.x as f32, y: pos.y as f32 });
        WIPOffset::new(builder.end_table(table).value())
    });
    states.collect()
}

struct Vec2f {
    x: f32,
    y: f32,
}

impl Push for Vec2f {
    type Output = Vec2f;

    // The trait says so; nothing here is.
    unsafe fn push(&self, dst: &mut [u8], _written_len: usize) {
        dst[..4].copy_from_slice(&self.x.to_le_bytes());
        dst[4..8].copy_from_slice(&self.y.to_le_bytes());
    }

    fn alignment() -> PushAlignment {
        PushAlignment::new(align_of::<f32>())
    }
}
