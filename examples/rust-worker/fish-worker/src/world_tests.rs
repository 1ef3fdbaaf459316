//! The school as a whole: determinism, life and death, and control from outside.
use crate::config::Config;
use crate::fish::{Action, COST_PER_METRE, LIVING_COST, NEWBORN_ENERGY};
use crate::snapshot::Snapshot;
use crate::tick_events::{Reporting, TickEvent, first_events, tick_events};
use crate::world::{Cause, World};
use serde_json::json;
use shoal_worker::Value;

const REPORTING: Reporting = Reporting { simulation_id: "reef", timestamp_ns: 5 };

fn config(json: Value) -> Config {
    Config::from_json(Some(&json)).unwrap()
}

fn ticks(world: &mut World, count: usize) -> Vec<TickEvent> {
    (0..count)
        .flat_map(|_| {
            let outcome = world.step();
            tick_events(world, &outcome, REPORTING)
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_others() {
    let busy = json!({ "fish": 50, "max_fish": 80, "controlled": 3 });
    let run = |seed| ticks(&mut World::new(config(busy.clone()), seed), 200);
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn a_world_goes_on_from_a_snapshot_as_if_nothing_had_been() {
    let mut world = World::new(config(json!({ "fish": 30, "controlled": 2 })), 11);
    ticks(&mut world, 150);
    assert!(world.direct("agent-1", Action { move_delta: 0.1, turn_delta_degrees: 3.0, attempt_eat: true }));
    let folder = std::env::temp_dir().join(format!("fish-worker-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = Snapshot::new(11, 20.0, world.clone()).write(&folder, "here").unwrap();
    let mut restored = Snapshot::read(&path).unwrap();
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["here.json"]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((restored.seed, &restored.world), (11, &world));
    assert_eq!(ticks(&mut restored.world, 150), ticks(&mut world, 150));
}

#[test]
fn fish_starve_without_food_and_one_swims_in_when_all_are_gone() {
    let mut world = World::new(config(json!({ "fish": 3, "food": 0 })), 1);
    let mut causes = Vec::new();
    let mut came = 0;
    for _ in 0..250 {
        let outcome = world.step();
        causes.extend(outcome.died.iter().map(|died| died.cause));
        came += outcome.spawned.len();
        assert!(!world.fish().is_empty());
    }
    assert_eq!(causes, [Cause::Starvation; 3]);
    assert_eq!(came, 1);
}

#[test]
fn a_school_that_is_fed_breeds_up_to_its_bound_and_dies_of_old_age() {
    let mut world = World::new(config(json!({ "fish": 5, "max_fish": 30, "food": 400 })), 3);
    let (mut born, mut aged) = (0, 0);
    for _ in 0..5_000 {
        let outcome = world.step();
        born += outcome.spawned.iter().filter(|it| it.parent_id.is_some()).count();
        aged += outcome.died.iter().filter(|it| it.cause == Cause::OldAge).count();
        assert!(world.fish().len() <= 30);
    }
    assert!(born > 30 && aged > 5, "{born} were born, {aged} died of old age");
}

#[test]
fn a_controlled_fish_does_what_an_action_says_and_nothing_else() {
    let mut world = World::new(config(json!({ "fish": 1, "controlled": 1, "food": 0 })), 2);
    let before = world.fish()[0].clone();
    world.step();
    assert_eq!((world.fish()[0].pos, world.fish()[0].heading), (before.pos, before.heading));
    assert_eq!(world.fish()[0].last_reward, -LIVING_COST);
    assert!(world.direct("agent-0", Action { move_delta: 1.0, turn_delta_degrees: 10.0, attempt_eat: false }));
    assert!(!world.direct("agent-1", Action::default()));
    world.step();
    let turned = (world.fish()[0].heading - before.heading).to_degrees();
    assert!((turned - 10.0).abs() < 1e-9, "{turned}");
    assert_eq!(world.fish()[0].last_reward, -LIVING_COST - COST_PER_METRE);
    world.step();
    assert_eq!(world.fish()[0].last_reward, -LIVING_COST);
}

#[test]
fn a_controlled_fish_comes_back_under_its_id_in_the_tick_after_its_death() {
    let mut world = World::new(config(json!({ "fish": 2, "controlled": 1, "food": 0 })), 2);
    let died = loop {
        let outcome = world.step();
        if outcome.died.iter().any(|it| it.fish.id == "agent-0") {
            break tick_events(&world, &outcome, REPORTING);
        }
    };
    let of_agent = |events: &[TickEvent]| -> Vec<&str> {
        events.iter().filter(|it| it.agent_id.as_deref() == Some("agent-0")).map(|it| it.key).collect()
    };
    assert_eq!(of_agent(&died), ["sim.agent_died.v1", "sim.agent_reward.v1"]);
    assert!(world.direct("agent-0", Action::default()));
    let back = ticks(&mut world, 1);
    assert_eq!(of_agent(&back), ["sim.agent_spawned.v1", "sim.agent_observation.v1", "sim.agent_reward.v1"]);
    assert_eq!(world.fish().iter().find(|it| it.id == "agent-0").map(|it| it.energy), Some(NEWBORN_ENERGY));
}

#[test]
fn the_first_events_are_the_world_and_what_each_fish_sees() {
    let world = World::new(config(json!({ "fish": 2, "controlled": 1 })), 2);
    let keys = |world: &World| first_events(world, REPORTING).iter().map(|it| it.key).collect::<Vec<_>>();
    assert_eq!(keys(&world), ["sim.world_state.v1", "sim.agent_observation.v1", "sim.agent_observation.v1"]);
    let quiet = World::new(config(json!({ "fish": 2, "observations_every": 0 })), 2);
    assert_eq!(keys(&quiet), ["sim.world_state.v1"]);
}
