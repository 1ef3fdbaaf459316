use crate::command::{Command, CommandName};
use crate::command_memory::{CommandMemory, Seen};
use crate::error::Error;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Commands remembered; at one a millisecond still half a minute of resending.
const MEMORY_CAPACITY: usize = 32_768;
/// Commands that may wait for the worker; a worker that is this far behind refuses more.
pub const MAX_WAITING: usize = 4_096;

/// The commands that wait for the worker's thread, and what became of those before.
pub struct CommandInbox {
    supported: Option<Vec<CommandName>>,
    inner: Mutex<Inner>,
    arrived: Condvar,
}

struct Inner {
    memory: CommandMemory,
    waiting: VecDeque<Command>,
    lost: Option<Error>,
}

impl CommandInbox {
    pub fn new(supported: Option<Vec<CommandName>>) -> CommandInbox {
        let inner = Inner { memory: CommandMemory::new(MEMORY_CAPACITY), waiting: VecDeque::new(), lost: None };
        CommandInbox { supported, inner: Mutex::new(inner), arrived: Condvar::new() }
    }

    pub fn supports(&self, name: CommandName) -> bool {
        self.supported.as_ref().is_none_or(|all| all.contains(&name))
    }

    pub fn see(&self, id: &str) -> Seen {
        self.lock().memory.see(id)
    }

    pub fn answered(&self, id: &str, answer: Bytes) {
        self.lock().memory.answer(id, answer);
    }

    /// Gives it back when too many wait.
    pub fn push(&self, command: Command) -> Option<Command> {
        let mut inner = self.lock();
        if inner.waiting.len() >= MAX_WAITING {
            return Some(command);
        }
        inner.waiting.push_back(command);
        self.arrived.notify_all();
        None
    }

    /// Those that came before the worker was lost still come out; waits for at most `timeout`.
    pub fn next(&self, timeout: Duration) -> Result<Option<Command>, Error> {
        let is_idle = |it: &mut Inner| it.waiting.is_empty() && it.lost.is_none();
        let mut inner = self.lock();
        if !timeout.is_zero() {
            inner = self.arrived.wait_timeout_while(inner, timeout, is_idle).unwrap_or_else(PoisonError::into_inner).0;
        }
        match (inner.waiting.pop_front(), &inner.lost) {
            (Some(command), _) => Ok(Some(command)),
            (None, Some(lost)) => Err(lost.clone()),
            (None, None) => Ok(None),
        }
    }

    pub fn lose(&self, error: &Error) {
        self.lock().lost.get_or_insert_with(|| error.clone());
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
