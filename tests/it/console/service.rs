//! The emulator behind a socket in the test process, where a test can see every call and put faults in the way.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use cognitui::emulator::listen::{self, Listening};
use cognitui::emulator::{Emulator, Seed};
use tokio::runtime::Runtime;

use super::{CUSTOMERS, cognitui, configure, listed, pause};
use crate::pty::{Launch, Pty};

/// A listening service; it stops when dropped.
pub struct Service {
    pub emulator: Emulator,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    _listening: Listening,
    runtime: Option<Runtime>,
}

impl Service {
    /// The demo's pools on a port of their own.
    pub fn start() -> Self {
        Self::start_on(0)
    }

    /// The same on a port that a program was told before.
    pub fn start_on(port: u16) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the service keeps real time, as the program does"
        )]
        let emulator = Emulator::new(Seed::demo(), Arc::new(jiff::Timestamp::now));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listening = runtime.block_on(listen::start(emulator.clone(), address)).unwrap();
        Self {
            emulator,
            url: format!("http://{}", listening.address()),
            _listening: listening,
            runtime: Some(runtime),
        }
    }

    /// The console on this service's customers, which the config lists.
    pub fn console<'a>(&'a self, more: impl IntoIterator<Item = &'a str>) -> Launch {
        let arguments = ["--endpoint-url", &self.url, "--user-pool-id", CUSTOMERS];
        let launch = cognitui(arguments.into_iter().chain(more));
        configure(&launch, &listed(CUSTOMERS));
        launch
    }

    /// The operations that arrived with this name.
    pub fn count(&self, operation: &str) -> usize {
        self.emulator
            .calls()
            .iter()
            .filter(|call| call.operation == operation)
            .count()
    }

    /// How many writes arrived.
    pub fn writes(&self) -> usize {
        self.count("AdminUpdateUserAttributes")
    }

    /// Waits until a write has arrived.
    pub fn receives_a_write(&self, pty: &Pty) {
        for _ in 0..3_000 {
            if self.writes() > 0 {
                return;
            }
            pause(10);
        }
        panic!("no write arrived\n{}", pty.screen_text());
    }

    pub fn email(&self, user: &str) -> Option<String> {
        self.emulator
            .user(CUSTOMERS, user)?
            .attribute("email")
            .map(str::to_owned)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A port on which nobody listens now: below those that the system hands out by itself, so that no other test gets it,
/// and of a hundred that are this run's own, where several are started one after the other.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + 100 * u16::try_from(std::process::id() % 120).unwrap();
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let ports = std::iter::repeat_with(|| first + NEXT.fetch_add(1, Ordering::Relaxed));
    ports.take(100).find(is_free).unwrap()
}
