"""A small OpenID Connect provider for tests: who signs in is chosen on its page, and what it says of them is told beforehand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID: Final = "usage-analytics"


@dataclass
class Provider:
    """`people` are claims by email address; they may be changed while it runs."""

    issuer: str
    redirect_uri: str
    people: dict[str, Mapping[str, Any]]
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)  # claims that go over those of the truth
    signs_with: RSAKey | None = None  # instead of the key that it publishes

    def app(self) -> Starlette:
        """The four routes of a provider, and the page on which a person is chosen."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
            ]
        )

    async def configuration(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "email", "profile"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        """Ask who it is; with `person`, send them back with a code."""
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") != self.redirect_uri:
            return Response("unknown client", 400)
        person = asked.pop("person", None)
        if person is None:
            links = (
                f'<p><a href="/authorize?{html.escape(urlencode(asked | {"person": name}))}">{html.escape(name)}</a></p>'
                for name in self.people
            )
            return HTMLResponse(f"<h1>Who are you?</h1>{''.join(links)}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"person": person}
        return RedirectResponse(f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(self, request: Request) -> Response:
        """A token for a code, once, for the client that knows its secret and the verifier."""
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        if asked is None or not self._knows_secret(request) or not _verified(asked, str(form.get("code_verifier"))):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": asked["person"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims |= {"email": asked["person"], **self.people[asked["person"]]} | self.lies
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with or self.key)
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": token}
        )

    async def jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def _knows_secret(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        expected = base64.b64encode(f"{CLIENT_ID}:{self.client_secret}".encode()).decode()
        return hmac.compare_digest(given, expected)


def _verified(asked: Mapping[str, str], verifier: str) -> bool:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(asked.get("code_challenge", ""), challenge)


@contextmanager
def provider(redirect_uri: str, people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """The provider at a port of this machine, in a thread, until the end of the block."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    found = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}", redirect_uri, dict(people))
    server = uvicorn.Server(uvicorn.Config(found.app(), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
