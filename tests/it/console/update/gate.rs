//! A door between the program and a service: each request waits in it until the test lets it through, so that what
//! happens between two calls happens there for certain.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A request that waits. Dropping it lets it through.
pub struct Waiting {
    pub operation: String,
    _go: Sender<()>,
}

pub struct Gate {
    pub url: String,
    arrivals: Receiver<Waiting>,
}

impl Gate {
    /// In front of `http://HOST:PORT`.
    pub fn before(url: &str) -> Self {
        let behind = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (arrive, arrivals) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behind, arrive) = (behind.clone(), arrive.clone());
                // Ends with the connection, or when the test no longer looks.
                thread::spawn(move || pass(stream, &behind, &arrive));
            }
        });
        Self { url, arrivals }
    }

    /// Lets everything through until the `nth` call of this operation arrives, which waits.
    pub fn until(&self, operation: &str, nth: usize) -> Waiting {
        let mut seen = 0;
        loop {
            let waiting = self.arrivals.recv().expect("a request");
            if waiting.operation == operation {
                seen += 1;
                if seen == nth {
                    return waiting;
                }
            }
        }
    }

    /// Lets everything through from now on.
    pub fn open(self) {
        thread::spawn(move || while self.arrivals.recv().is_ok() {});
    }
}

struct Message {
    head: Vec<u8>,
    body: Vec<u8>,
    operation: String,
}

/// One request or answer with a length.
fn message(reader: &mut impl BufRead) -> io::Result<Option<Message>> {
    let mut message = Message {
        head: Vec::new(),
        body: Vec::new(),
        operation: String::new(),
    };
    let mut length = 0;
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line).to_string();
        message.head.extend(&line);
        let (name, value) = text.split_once(':').unwrap_or((&text, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
            "x-amz-target" => message.operation = value.trim().rsplit('.').next().unwrap_or("").to_owned(),
            _ => {}
        }
        if text.trim_end().is_empty() {
            break;
        }
    }
    message.body.resize(length, 0);
    reader.read_exact(&mut message.body)?;
    Ok(Some(message))
}

fn pass(stream: TcpStream, behind: &str, arrive: &Sender<Waiting>) -> io::Result<()> {
    let mut from = BufReader::new(stream.try_clone()?);
    let mut back = stream;
    let mut to = TcpStream::connect(behind)?;
    let mut answers = BufReader::new(to.try_clone()?);
    while let Some(request) = message(&mut from)? {
        let (go, gone) = channel::<()>();
        let operation = request.operation.clone();
        if arrive.send(Waiting { operation, _go: go }).is_ok() {
            // Nothing is ever sent: it ends when the waiting request is dropped.
            let _ = gone.recv();
        }
        to.write_all(&request.head)?;
        to.write_all(&request.body)?;
        let Some(answer) = message(&mut answers)? else {
            return Ok(());
        };
        back.write_all(&answer.head)?;
        back.write_all(&answer.body)?;
    }
    Ok(())
}
