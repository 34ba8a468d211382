//! What a frame of a full list costs to make, without a terminal behind it.

use std::time::Duration;

use cognitui::view::View;
use cognitui::view::text::Charset;
use cognitui::view::theme::{Theme, ThemeName};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::costs::{self, ROWS};
use crate::table::{Table, count, time};
use crate::{Failed, median, now};

const FRAMES: usize = 501;

pub fn frames(table: &mut Table) -> Result<(), Failed> {
    for ((width, height), most) in [((80, 24), 150), ((200, 60), 700)] {
        let most = Duration::from_micros(most);
        let mut app = costs::users(width, height).map_err(|error| error.to_string())?;
        let view = View::new(Theme::load(ThemeName::Default)?, Charset::Utf8);
        let mut terminal = Terminal::new(TestBackend::new(width, height))?;
        let mut times = Vec::new();
        for _ in 0..FRAMES {
            costs::press(&mut app, "j");
            let begun = now();
            terminal.draw(|frame| view.draw(&app, frame))?;
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
