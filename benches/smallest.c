/* The smallest program that draws a screen with ncurses: what a start is compared with. */
#include <curses.h>

int main(void) {
    initscr();
    raw();
    noecho();
    for (int row = 0; row < LINES - 1; row++)
        mvprintw(row, 0, "row %d", row);
    mvprintw(LINES - 1, 0, "drawn");
    refresh();
    getch();
    endwin();
    return 0;
}
