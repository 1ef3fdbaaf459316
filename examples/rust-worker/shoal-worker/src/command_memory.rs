use bytes::Bytes;
use std::collections::{HashMap, VecDeque};

/// What became of the commands seen, so that one sent again is answered again and not done again.
///
/// Bounded: of those answered, the ones answered first are forgotten. The bound must only outlast the orchestrator's
/// resending, which ends with the command's own timeout. One that is not answered is never forgotten.
pub struct CommandMemory {
    capacity: usize,
    answers: HashMap<String, Option<Bytes>>,
    /// The answered ones, as they were answered.
    answered: VecDeque<String>,
}

#[derive(Debug, PartialEq)]
pub enum Seen {
    New,
    Unanswered,
    Answered(Bytes),
}

impl CommandMemory {
    pub fn new(capacity: usize) -> CommandMemory {
        CommandMemory { capacity, answers: HashMap::new(), answered: VecDeque::new() }
    }

    /// Notes a command, and says what is known of it.
    pub fn see(&mut self, id: &str) -> Seen {
        match self.answers.get(id) {
            Some(Some(answer)) => return Seen::Answered(answer.clone()),
            Some(None) => return Seen::Unanswered,
            None => {}
        }
        self.answers.insert(id.to_owned(), None);
        Seen::New
    }

    pub fn answer(&mut self, id: &str, answer: Bytes) {
        let Some(known) = self.answers.get_mut(id) else { return };
        if known.replace(answer).is_some() {
            return;
        }
        self.answered.push_back(id.to_owned());
        if self.answered.len() > self.capacity
            && let Some(oldest) = self.answered.pop_front()
        {
            self.answers.remove(&oldest);
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
        for id in ["a", "b", "c"] {
            memory.see(id);
            memory.answer(id, "done".into());
        }
        assert_eq!(memory.see("b"), Seen::Answered("done".into()));
        assert_eq!(memory.see("a"), Seen::New);
        memory.answer("nobody", "nothing".into());
        assert_eq!(memory.see("c"), Seen::Answered("done".into()));
    }

    #[test]
    fn a_command_that_is_not_answered_is_not_forgotten_however_many_come_after_it() {
        let mut memory = CommandMemory::new(2);
        memory.see("long step");
        for id in ["a", "b", "c", "d"] {
            memory.see(id);
            memory.answer(id, "done".into());
        }
        assert_eq!(memory.see("long step"), Seen::Unanswered);
    }
}
