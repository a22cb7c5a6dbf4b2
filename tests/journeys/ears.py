"""What each window's sockets were told, word for word: a page may drop in silence what was never meant for it."""

from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket

HEARD: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def listen(page: Page) -> Page:
    """From now on every word that reaches this window through a socket is kept."""
    HEARD[page] = told = []
    page.on("websocket", lambda socket: _follow(socket, told))
    return page


def _follow(socket: WebSocket, told: list[str]) -> None:
    socket.on("framereceived", lambda frame: told.append(str(frame)))


def heard(page: Page) -> str:
    """All of it since the window was opened, over all its pages."""
    return "\n".join(HEARD[page])
