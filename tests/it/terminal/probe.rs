//! A small program on the terminal layer, for the tests around it: it opens the terminal, shows
//! what it hears, and sends the same lines to the test through a connection. It is this test program
//! itself, asked for the one test below.

use std::{io::Write, net::TcpStream, process::Command, sync::mpsc, thread, time::Duration};

use cognitui::terminal::{FromTerminal, Input, KeysFrom, Options, Reason, Signal, Terminal};
use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::{
    layout::Position,
    style::Stylize,
    text::Line,
    widgets::{Paragraph, Widget as _},
};

/// The name of the test below for the test harness.
pub const PROBE: &str = "terminal::probe::probe";
/// The loopback address to send the lines to; makes the test below more than nothing.
pub const TELL: &str = "TERMINAL_PROBE_TELL";
/// Milliseconds a lone ESC is held, for tests whose packets a loaded machine delays.
pub const MOMENT: &str = "TERMINAL_PROBE_MOMENT";

#[test]
fn probe() {
    let Ok(address) = std::env::var(TELL) else {
        return;
    };
    let mut tell = TcpStream::connect(address).unwrap();
    let (send, inbox) = mpsc::channel();
    let mut options = Options::from_env(KeysFrom::StandardInput);
    if let Ok(moment) = std::env::var(MOMENT) {
        options.moment = Duration::from_millis(moment.parse().unwrap());
    }
    let mut terminal = match Terminal::open(&options, move |e| drop(send.send(e))) {
        Ok(terminal) => terminal,
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(2)
        }
    };
    let mut lines: Vec<String> = Vec::new();
    let mut say = |line: String, lines: &mut Vec<String>| {
        writeln!(tell, "{line}").unwrap();
        lines.push(line.chars().take(60).collect());
    };
    say(format!("process {}", std::process::id()), &mut lines);
    say(format!("open {}", terminal.size()), &mut lines);
    loop {
        draw(&mut terminal, &lines);
        let inputs = match inbox.recv().unwrap() {
            FromTerminal::Burst(burst) => {
                if burst.pasted() {
                    say("pasted".to_owned(), &mut lines);
                }
                burst.into_inputs()
            }
            FromTerminal::Signal(Signal::Continue) => {
                let resumed = terminal.resume();
                say(format!("resume {resumed:?}"), &mut lines);
                continue;
            }
            // A receiver that does nothing: the program has to end without it.
            FromTerminal::Signal(signal) => {
                say(format!("signal {signal:?}"), &mut lines);
                continue;
            }
            // Nothing is done about it: the watcher has to.
            FromTerminal::Gone => continue,
            FromTerminal::Panic(place) => {
                say(format!("panic in {}", place.thread), &mut lines);
                continue;
            }
        };
        for input in inputs {
            let key = match input {
                Input::Key(key) => key,
                Input::Paste(text) => {
                    let sum = text.bytes().map(u64::from).sum::<u64>();
                    say(format!("paste {} {sum}", text.len()), &mut lines);
                    continue;
                }
                Input::Resize(width, height) => {
                    say(format!("resize {width}x{height}"), &mut lines);
                    continue;
                }
            };
            say(format!("{}{:?}", modifiers(key.modifiers), key.code), &mut lines);
            match (key.code, key.modifiers) {
                (KeyCode::Char('q'), KeyModifiers::NONE) => terminal.shut_down().now(Reason::Quit),
                (KeyCode::Char('p'), KeyModifiers::NONE) => panic!("secret payload"),
                (KeyCode::Char('w'), KeyModifiers::NONE) => {
                    let worker = thread::Builder::new().name("worker".to_owned());
                    worker.spawn(|| panic!("secret payload")).unwrap().join().unwrap_err();
                }
                (KeyCode::Char('f'), KeyModifiers::NONE) => flood(&mut terminal),
                (KeyCode::Char('l'), KeyModifiers::CONTROL) => terminal.redraw(),
                (KeyCode::Char('z'), KeyModifiers::CONTROL) => {
                    let suspended = terminal.suspend();
                    say(format!("{suspended:?}"), &mut lines);
                }
                (KeyCode::Char('e'), KeyModifiers::NONE) => {
                    let editor = "echo lent; read line; echo \"editor read $line\"; read line";
                    let status = terminal.lend(|| Command::new("sh").args(["-c", editor]).status());
                    say(format!("lent {}", status.unwrap().unwrap()), &mut lines);
                }
                _ => {}
            }
        }
    }
}

fn draw(terminal: &mut Terminal, lines: &[String]) {
    let drawn = terminal.draw(|buffer| {
        buffer.reset();
        let height = usize::from(buffer.area.height).saturating_sub(1);
        let from = lines.len().saturating_sub(height);
        let mut text: Vec<Line<'_>> = lines[from..].iter().map(|l| Line::from(l.as_str())).collect();
        text.push(Line::from("focused".red().reversed()));
        let row = u16::try_from(text.len() - 1).unwrap();
        Paragraph::new(text).render(buffer.area, buffer);
        Some(Position::new(0, row))
    });
    drawn.unwrap();
}

/// Draws for ever: stuck as soon as nobody takes the bytes.
fn flood(terminal: &mut Terminal) {
    for letter in ('a'..='z').cycle() {
        let drawn = terminal.draw(|buffer| {
            let row = Line::from(letter.to_string().repeat(buffer.area.width.into()));
            let rows = vec![row; buffer.area.height.into()];
            Paragraph::new(rows).render(buffer.area, buffer);
            None
        });
        drawn.unwrap();
    }
}

fn modifiers(modifiers: KeyModifiers) -> String {
    let mut text = String::new();
    for (modifier, name) in [
        (KeyModifiers::CONTROL, "Ctrl-"),
        (KeyModifiers::ALT, "Alt-"),
        (KeyModifiers::SHIFT, "Shift-"),
    ] {
        if modifiers.contains(modifier) {
            text.push_str(name);
        }
    }
    text
}
