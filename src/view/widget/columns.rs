//! How wide the columns of a table are on a screen of any width.

/// What a column asks for, in columns of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub least: usize,
    /// On a screen of 80 columns.
    pub usual: usize,
    pub most: usize,
}

/// Shares `width` among columns: everyone up to what is usual, then up to the most, in turns.
pub fn share<const N: usize>(width: usize, columns: &[Column; N]) -> [usize; N] {
    let mut widths = columns.map(|column| column.least);
    for (width, share) in widths.iter_mut().zip(share_among(width, columns)) {
        *width = share;
    }
    widths
}

/// The same for columns that the operator chose.
pub fn share_among(width: usize, columns: &[Column]) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.least).collect();
    let mut left = width.saturating_sub(widths.iter().sum());
    for goal in [|column: &Column| column.usual, |column: &Column| column.most] {
        let mut grew = true;
        while left > 0 && grew {
            grew = false;
            for (width, column) in widths.iter_mut().zip(columns) {
                if *width < goal(column) && left > 0 {
                    *width += 1;
                    left -= 1;
                    grew = true;
                }
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [
        Column {
            least: 4,
            usual: 10,
            most: 12,
        },
        Column {
            least: 2,
            usual: 4,
            most: 40,
        },
    ];

    #[test]
    fn every_column_gets_what_is_usual_before_one_gets_more() {
        assert_eq!(share(0, &COLUMNS), [4, 2]);
        assert_eq!(share(8, &COLUMNS), [5, 3]);
        assert_eq!(share(14, &COLUMNS), [10, 4]);
        assert_eq!(share(30, &COLUMNS), [12, 18]);
        assert_eq!(share(1000, &COLUMNS), [12, 40]);
    }
}
