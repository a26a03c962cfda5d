"""The token that a request says: who it is from, where a host alone does not tell.

Programs send `Authorization: Bearer TOKEN`. A browser's WebSocket cannot send headers: it has
`?token=TOKEN`, percent-encoded, among whatever else it asks. Whose a token is is not known here.
"""

from urllib.parse import unquote

from websockets.http11 import Request

WHO = "say who you are: Authorization: Bearer TOKEN, or ?token=TOKEN"
BEARER = "bearer "
TOKEN = "token="


def token_of(request: Request) -> str | None:
    """The token of a request; None if it says none."""
    for found in request.headers.get_all("Authorization"):
        if found[: len(BEARER)].lower() == BEARER:
            return found[len(BEARER) :].strip()
    said = [one for one in _asked(request.path) if one.startswith(TOKEN)]
    return unquote(said[0].removeprefix(TOKEN)) if said else None


def without_token(target: str) -> str:
    """What is asked for, without the token: it must stand in no log and be no attribute."""
    rest = "&".join(one for one in _asked(target) if not one.startswith(TOKEN))
    return target.partition("?")[0] + (f"?{rest}" if rest else "")


def _asked(target: str) -> list[str]:
    query = target.partition("?")[2]
    return query.split("&") if query else []
