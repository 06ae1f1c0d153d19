"""A browser's tab without the browser: it speaks Streamlit's websocket, with the cookies of a person, and notes what it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any, Final

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE: Final = 60


@dataclass
class Seen:
    """What one run of the script sent."""

    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that was sent, without what escapes it."""
        return "\n".join(str(message) for message in self.messages).replace("\N{WORD JOINER}", "").replace("\\", "")

    @property
    def pages(self) -> list[str]:
        """The titles in the menu."""
        menus = [message.navigation for message in self.messages if message.HasField("navigation")]
        return [page.page_name for page in menus[-1].app_pages] if menus else []

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons' ids, by what is on them."""
        return {one.button.label: one.button.id for one in self._elements() if one.HasField("button")}

    @property
    def redirect(self) -> str | None:
        """Where the page sends the person."""
        return next((message.auth_redirect.url for message in self.messages if message.HasField("auth_redirect")), None)

    @property
    def page_was_not_found(self) -> bool:
        return any(message.HasField("page_not_found") for message in self.messages)

    def _elements(self) -> Iterator[Any]:
        yield from (one.delta.new_element for one in self.messages if one.HasField("delta") and one.delta.HasField("new_element"))


@dataclass
class Tab:
    """One session with the server."""

    socket: ClientConnection
    query: str = ""  # what stands behind the question mark of the address

    def run(self, page: str = "", click: str | None = None, page_hash: str = "") -> Seen:
        """Ask for a page, or press a button; what is shown."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = page_hash
        asked.rerun_script.query_string = self.query
        if click is not None:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = click, True
        self.socket.send(asked.SerializeToString())
        seen = Seen()
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(PATIENCE))
            seen.messages.append(message)
            if message.HasField("script_finished") and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return seen


@contextmanager
def opened(url: str, http: httpx.Client, origin: str | None = None) -> Iterator[Tab]:
    """A tab of whoever the cookies of `http` are, on a page of `origin`: the dashboard's own where none is named."""
    http.get(f"{url}/_stcore/host-config")  # hands out the token against forged requests
    http.get(f"{url}/_stcore/health")
    kept = cookies(http.cookies.jar)
    with connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        origin=Origin(origin or url),
        subprotocols=[Subprotocol(name) for name in ("streamlit", kept.get("_streamlit_xsrf")) if name],
        additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())},
        max_size=None,
    ) as socket:
        yield Tab(socket)


def cookies(jar: CookieJar) -> dict[str, str]:
    return {cookie.name: cookie.value or "" for cookie in jar}
