//! One datum that is asked for and arrives later, so that no screen needs a flag for "loading".

use crate::domain::Fault;
use crate::job::Ticket;

/// Where one datum stands. What was there before stays readable while a newer answer is on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Slot<T> {
    #[default]
    Empty,
    Loading(Ticket),
    Ready(T),
    Failed(Fault),
}

impl<T> Slot<T> {
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }

    pub fn ready_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }

    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Failed(fault) => Some(fault),
            _ => None,
        }
    }

    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading(_))
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The question this slot waits for.
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Loading(ticket) => Some(*ticket),
            _ => None,
        }
    }

    /// Takes an answer if it is the one this slot waits for. False: nobody here waits for it.
    pub fn fill(&mut self, ticket: Ticket, answer: Result<T, Fault>) -> bool {
        if self.ticket() != Some(ticket) {
            return false;
        }
        *self = match answer {
            Ok(value) => Self::Ready(value),
            Err(fault) => Self::Failed(fault),
        };
        true
    }

    /// Marks the question as failed if this slot waits for it.
    pub fn fail(&mut self, ticket: Ticket, fault: &Fault) -> bool {
        self.ticket() == Some(ticket) && self.fill(ticket, Err(fault.clone()))
    }
}
