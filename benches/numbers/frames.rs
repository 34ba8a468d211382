//! What a frame of a full list costs, from the state of the program to the bytes for a terminal.

use std::hint::black_box;
use std::time::Duration;

use cognitui::terminal::Screen;
use cognitui::view::View;
use cognitui::view::text::Charset;
use cognitui::view::theme::{Theme, ThemeName};
use ratatui::layout::Size;

use crate::costs::{self, ROWS};
use crate::table::{Table, count, time};
use crate::{Failed, median, now};

const FRAMES: usize = 501;

pub fn frames(table: &mut Table) -> Result<(), Failed> {
    for ((width, height), most) in [((80, 24), 150), ((200, 60), 700)] {
        let most = Duration::from_micros(most);
        let mut app = costs::users(width, height).map_err(|error| error.to_string())?;
        let view = View::new(Theme::load(ThemeName::Default)?, Charset::Utf8);
        let mut screen = Screen::new();
        let mut times = Vec::new();
        for _ in 0..FRAMES {
            costs::press(&mut app, "j");
            let begun = now();
            black_box(screen.draw(Size::new(width, height), |buffer| view.draw(&app, buffer)));
            times.push(now() - begun);
        }
        let took = median(times);
        table.row(
            format!("a frame of {} users at {width}x{height}", count(ROWS as u64)),
            time(took),
            format!("under {}", time(most)),
            took < most,
        );
    }
    Ok(())
}
