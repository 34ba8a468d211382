//! The thread that looks through the loaded users while somebody types.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};

use tokio::sync::oneshot;

type Look = Box<dyn FnOnce() + Send>;

/// Looks are done one after the other: two at a time would only hold each other up, and one that became pointless ends soon.
/// They have one thread for as long as the desk lives: a thread that ends leaves behind what the allocator kept for it.
#[derive(Default)]
pub struct Looker(OnceLock<Sender<Look>>);

impl Looker {
    /// `None`: the look broke.
    pub async fn run<T: Send + 'static>(&self, look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let look = move || {
            // Nobody may wait for it any more.
            let _ = answer.send(look());
        };
        self.0.get_or_init(start).send(Box::new(look)).ok()?;
        answered.await.ok()
    }
}

fn start() -> Sender<Look> {
    let (looks, asked) = channel::<Look>();
    let work = move || {
        for look in asked {
            // Whoever waits for the answer of one that panics learns of it there; the hook has told of the panic.
            let _ = catch_unwind(AssertUnwindSafe(look));
        }
    };
    // Where there is no thread to be had nobody takes the looks, and each is answered as one that broke.
    let _ = std::thread::Builder::new().name("looks".to_owned()).spawn(work);
    looks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_look_that_breaks_leaves_the_thread_to_the_next_one() {
        let looker = Looker::default();
        let name = || std::thread::current().id();
        let first = looker.run(name).await;
        assert!(first.is_some_and(|id| id != name()));
        assert_eq!(looker.run(|| -> usize { panic!("a drill") }).await, None);
        assert_eq!(looker.run(name).await, first);
    }
}
