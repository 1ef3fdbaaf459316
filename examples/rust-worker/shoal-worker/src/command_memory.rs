use bytes::Bytes;
use std::collections::{HashMap, VecDeque};

/// What became of the commands seen, so that one sent again is answered again and not done again.
///
/// Bounded: the oldest are forgotten. The bound must only outlast the orchestrator's resending, which ends with the
/// command's own timeout.
pub struct CommandMemory {
    capacity: usize,
    answers: HashMap<String, Option<Bytes>>,
    /// As they were first seen.
    order: VecDeque<String>,
}

#[derive(Debug, PartialEq)]
pub enum Seen {
    New,
    Unanswered,
    Answered(Bytes),
}

impl CommandMemory {
    pub fn new(capacity: usize) -> CommandMemory {
        CommandMemory { capacity, answers: HashMap::new(), order: VecDeque::new() }
    }

    /// Notes a command, and says what is known of it.
    pub fn see(&mut self, id: &str) -> Seen {
        match self.answers.get(id) {
            Some(Some(answer)) => return Seen::Answered(answer.clone()),
            Some(None) => return Seen::Unanswered,
            None => {}
        }
        self.answers.insert(id.to_owned(), None);
        self.order.push_back(id.to_owned());
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
        Seen::New
    }

    pub fn answer(&mut self, id: &str, answer: Bytes) {
        if let Some(known) = self.answers.get_mut(id) {
            *known = Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_new_once_and_its_answer_is_kept_until_it_is_the_oldest_of_too_many() {
        let mut memory = CommandMemory::new(2);
        assert_eq!(memory.see("a"), Seen::New);
        assert_eq!(memory.see("a"), Seen::Unanswered);
        memory.answer("a", "done".into());
        assert_eq!(memory.see("a"), Seen::Answered("done".into()));
        assert_eq!(memory.see("b"), Seen::New);
        assert_eq!(memory.see("c"), Seen::New);
        assert_eq!(memory.see("a"), Seen::New);
        memory.answer("nobody", "nothing".into());
        assert_eq!(memory.see("c"), Seen::Unanswered);
    }
}
