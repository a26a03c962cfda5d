"""Who may do what: whatever is tried, nobody moves what is not theirs."""

import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.access import ARCHITECT, AT_ONE_COST, RATES, SILENT, Access, Grant
from performer.controllers.throttle import (
    MINUTE,
    MOST_HOSTS,
    MOST_OF_A_HOST,
    MOST_SENDERS,
    MOST_WRONG,
    Guesses,
    Rates,
    Senders,
)
from performer.errors import ControlError
from performer.parameters import PARAMETERS, TREE, Control, Nature, Parameter, Role, Value

LEAD, ADA, BEN = "architect-token-1", "ada-token-of-16-c", "ben-token-of-16-c"
WRONG = "nobodys-token-of-16"
GRANTS = {LEAD: ARCHITECT, ADA: Grant(Role.PARTICIPANT, "ada"), BEN: Grant(Role.PARTICIPANT, "ben")}
AWAY = "10.0.0.4"


@dataclass
class Peer:
    """A sender somewhere."""

    host: str = AWAY
    port: int = 9000
    kind: str = "udp"
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = f"{self.kind} {self.host}:{self.port}"

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """Nobody is told anything here."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tokens") / "tokens.toml"
    path.write_text(f'architect = ["{LEAD}"]\n[participant]\nada = "{ADA}"\nben = "{BEN}"\n')
    return str(path)


@pytest.fixture
def access(file: str) -> Access:
    return Access(("192.168.1.0/24",), file)


def refused(work: Callable[..., object], *args: object) -> str:
    """Why something is refused; empty if it is not."""
    try:
        work(*args)
    except ControlError as error:
        return error.reason
    return ""


def message(parameter: Parameter, person: str) -> Control:
    """Any message to an address."""
    address = parameter.address.replace("{id}", person).replace("{name}", "bloom")
    return Control(address, parameter, (), person if "{id}" in parameter.address else "")


# ---- who somebody is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "192.168.1.77",
     "::ffff:192.168.1.77"],
)  # fmt: skip
def test_this_machine_and_the_allowed_are_architects(access: Access, host: str) -> None:
    peer = Peer(host)
    assert access.may(host)
    assert access.trusts(host)
    assert access.role(peer, 0.0) == ARCHITECT
    assert access.auth(peer, "whatever", 0.0) == "architect"
    assert not any(refused(access.check, peer, message(p, "ada"), 0.0) for p in PARAMETERS)


@pytest.mark.parametrize(
    "host", [AWAY, "192.168.2.77", "2001:db8::1", "::ffff:10.0.0.4", "fe80::1%eth0", "somebody"]
)
def test_others_are_nobody_and_may_only_ask_with_a_token(access: Access, host: str) -> None:
    assert not access.trusts(host)
    assert access.may(host), "there are tokens"
    assert not Access(("192.168.1.0/24",)).may(host), "there are none"
    peer = Peer(host)
    assert access.role(peer, 0.0) is None
    for parameter in PARAMETERS:
        control = message(parameter, "ada")
        free = parameter.address == "/auth"
        assert ("/auth" in refused(access.check, peer, control, 0.0)) != free
        assert "/auth" in refused(access.reads, peer, control.address, 0.0)
        assert not access.sees(peer, control.address, 0.0)
    assert "/auth" in refused(access.costly, peer, 0.0)


@pytest.mark.parametrize("token", GRANTS)
def test_a_token_makes_somebody_of_one_sender_alone(access: Access, token: str) -> None:
    assert access.auth(Peer(), token, 0.0) == str(GRANTS[token])
    assert access.role(Peer(), 0.0) == GRANTS[token]
    assert access.role(Peer(port=9001), 0.0) is None
    assert access.role(Peer(kind="tcp"), 0.0) is None
    assert access.role(Peer("10.0.0.5"), 0.0) is None


@pytest.mark.parametrize("token", [*GRANTS, WRONG])
def test_every_answer_takes_as_long_as_any_other(
    access: Access, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []

    def compare(said: bytes, one: bytes) -> bool:
        compared.append(one)
        return compare_digest(said, one)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    refused(access.auth, Peer(), token, 0.0)
    assert compared == [one.encode() for one in GRANTS]


def test_the_token_said_last_counts_and_a_wrong_one_takes_nothing_away(access: Access) -> None:
    assert str(access.auth(Peer(), ADA, 0.0)) == "participant ada"
    access.auth(Peer(), BEN, 0.0)
    assert access.role(Peer(), 0.0) == GRANTS[BEN]
    for wrong in (WRONG, ADA[:-1], ADA + " ", ADA.upper(), "", "ö", "\udc80"):
        assert refused(Access.auth, access, Peer(), wrong, 0.0), wrong
    assert access.role(Peer(), 0.0) == GRANTS[BEN]


def test_a_silent_udp_sender_is_nobody_again(access: Access) -> None:
    udp, tcp = Peer(), Peer(kind="tcp")
    for peer in (udp, tcp):
        access.auth(peer, ADA, 0.0)
    breath = TREE.accept("/participant/ada/breath", (0.5,))
    access.check(udp, breath, 0.9 * SILENT)
    assert access.sees(udp, "/resonance", 1.8 * SILENT), "it has been heard meanwhile"
    assert refused(access.check, udp, breath, 1.9 * SILENT + 1.0), "being told is no sign of life"
    assert access.role(udp, 1.9 * SILENT + 1.0) is None
    assert access.role(tcp, 1e6) == GRANTS[ADA], "a connection says goodbye"


def test_whoever_comes_after_a_connection_has_ended_is_nobody(access: Access) -> None:
    access.auth(Peer(kind="ws"), LEAD, 0.0)
    access.gone(Peer(kind="ws"))
    access.gone(Peer(kind="ws"))
    assert access.role(Peer(kind="ws"), 0.0) is None


def test_a_file_that_broke_meanwhile_lets_nobody_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "tokens.toml"
    path.write_text(f'architect = ["{LEAD}"')
    broken = Access(("192.168.1.0/24",), str(path))
    assert "nobody comes in by a token" in caplog.text
    assert refused(broken.auth, Peer(), LEAD, 0.0)
    assert broken.role(Peer("192.168.1.7"), 0.0) == ARCHITECT


def test_no_token_is_logged_or_told(access: Access, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = "".join(refused(access.auth, Peer(), WRONG, 0.0) for _ in range(7))
    told += access.auth(Peer("10.0.0.5"), ADA, 0.0)
    for args in ((WRONG * 4,), (WRONG, 1), (WRONG + "\n",)):  # before the desk looks at it
        found = refused(TREE.accept, "/auth", args)
        assert "token" in found
        told += found
    assert not any(token[:10] in told + caplog.text for token in (WRONG, ADA))


# ---- what somebody may do -------------------------------------------------------------------

OWN = {
    "leave", "pause", "consent", "softer", "object", "feeling", "rhythm", "ratio", "breath",
    "heart", "generator", "effect", "picture", "words", "palette", "floor", "cap",
}  # fmt: skip
ASKED = {"/sync", "/subscribe", "/unsubscribe", "/status", "/auth"}


def test_a_participant_moves_their_own_and_nothing_else(access: Access) -> None:
    access.auth(Peer(), ADA, 0.0)
    for parameter in PARAMETERS:
        own, other = (message(parameter, person) for person in ("ada", "ben"))
        if parameter.nature is Nature.TOLD:  # the tree itself refuses those
            continue
        mine = own.person != "" and own.tail in OWN
        allowed = mine or parameter.address in ASKED
        assert (refused(access.check, Peer(), own, 0.0) == "") == allowed, own.address
        allowed = parameter.address in ASKED
        assert (refused(access.check, Peer(), other, 0.0) == "") == allowed, other.address


def test_a_participant_knows_their_own_and_what_is_everybodys(access: Access) -> None:
    access.auth(Peer(), ADA, 0.0)
    for parameter in PARAMETERS:
        for person in ("ada", "ben"):
            address = message(parameter, person).address
            allowed = "{id}" not in parameter.address or person == "ada"
            assert access.sees(Peer(), address, 0.0) == allowed, address
            assert (refused(access.reads, Peer(), address, 0.0) == "") == allowed, address
    assert not access.sees(Peer(), "/nothing", 0.0)
    assert refused(access.reads, Peer(), "/nothing", 0.0) == "no such address"


@pytest.mark.parametrize("token", [LEAD, ADA])
def test_patterns_and_dumps_are_rationed_and_the_rest_is_not(access: Access, token: str) -> None:
    access.auth(Peer(), token, 0.0)
    rate, burst = RATES[GRANTS[token].role]
    sync, breath = TREE.accept("/sync", ()), TREE.accept("/participant/ada/breath", (0.5,))
    for k in range(round(burst)):
        if k % 2:
            assert not refused(access.costly, Peer(), 1.0)
        else:
            assert not refused(access.check, Peer(), sync, 1.0)
    assert "a second are answered" in refused(access.costly, Peer(), 1.0)
    assert "a second are answered" in refused(access.check, Peer(), sync, 1.0)
    assert not refused(access.check, Peer(), breath, 1.0)
    access.auth(Peer("10.0.0.5"), token, 1.0)
    assert not refused(access.costly, Peer("10.0.0.5"), 1.0), "others have their own"
    answered = sum(not refused(access.costly, Peer(), 1.0 + k / 1000) for k in range(1, 2001))
    assert answered == pytest.approx(2 * rate, abs=1)


def test_what_is_plugged_in_is_free(access: Access) -> None:
    fader = Peer("", kind="midi")
    assert not any(refused(access.costly, fader, 0.0) for _ in range(5000))


@pytest.mark.parametrize("token", [LEAD, ADA])
def test_what_counts_for_many_is_owed(access: Access, token: str) -> None:
    access.auth(Peer(), token, 0.0)
    rate, burst = RATES[GRANTS[token].role]
    assert not refused(access.costly, Peer(), 1.0, "/a", 3.0 * burst), "nothing is too much"
    assert "a second are answered" in refused(access.costly, Peer(), 1.0)
    paid = 1.0 + 2.0 * burst / rate
    assert refused(access.costly, Peer(), paid)
    assert not refused(access.costly, Peer(), paid + 1.1 / rate)


def test_a_fader_swept_over_everybody_is_never_too_much(access: Access) -> None:
    access.auth(Peer(), LEAD, 0.0)
    for k in range(60 * 60):
        assert not refused(access.costly, Peer(), k / 60)
        assert not refused(access.costly, Peer(), k / 60, "", 256 / AT_ONE_COST - 1.0)


def test_of_many_addresses_those_are_seen_that_each_is(access: Access) -> None:
    access.auth(Peer(), ADA, 0.0)
    access.auth(Peer(port=1), LEAD, 0.0)
    many = [message(p, who).address for p in PARAMETERS for who in ("ada", "ada-2", "ben")]
    for peer in (Peer(), Peer(port=1), Peer(port=2)):
        own = [address for address in many if access.sees(peer, address, 0.0)]
        assert access.seen(peer, many, 0.0) == own
    assert access.seen(Peer(), many, 0.0), "and that is something"


def test_another_port_for_each_pattern_brings_no_more_of_them() -> None:
    rates, rate, burst = Rates(), 20.0, 40.0
    taken = sum(rates.take(f"udp {k}", AWAY, 0.0, rate, burst) for k in range(5000))
    assert taken <= MOST_OF_A_HOST * burst
    taken = sum(rates.take(f"udp x{k}", AWAY, 1.0, rate, burst) for k in range(5000))
    assert taken <= MOST_OF_A_HOST * rate


# ---- guessing -------------------------------------------------------------------------------


def test_five_wrong_tokens_in_a_minute_and_no_token_of_that_host_is_looked_at(
    access: Access,
) -> None:
    peers = [Peer(port=9000 + k) for k in range(MOST_WRONG)]
    access.auth(peers[0], ADA, 0.0)
    for k, peer in enumerate(peers):
        assert refused(access.auth, peer, WRONG, 10.0 * k) == "that is nobody's token"
    last = 10.0 * (MOST_WRONG - 1)
    assert "wait 60 s" in refused(access.auth, Peer(), LEAD, last)
    assert "wait 1 s" in refused(access.auth, Peer(), LEAD, last + MINUTE - 0.5)
    assert access.role(peers[0], last) == GRANTS[ADA], "who is somebody stays it"
    assert access.auth(Peer("10.0.0.5"), BEN, last) == "participant ben", "others are not kept out"
    assert access.auth(Peer(), LEAD, last + MINUTE) == "architect"
    for _ in range(MOST_WRONG):
        refused(access.auth, Peer(), WRONG, 200.0)
    assert "wait" in refused(access.auth, Peer(), LEAD, 200.0), "and so on"


def test_a_right_token_does_not_wipe_out_wrong_ones(access: Access) -> None:
    looked_at = 0
    for k in range(1000):
        now = k * 0.1
        refused(access.auth, Peer(), ADA, now)
        looked_at += refused(access.auth, Peer(), f"{WRONG}{k}", now).startswith("that is")
    assert looked_at == 2 * MOST_WRONG


def test_wrong_tokens_now_and_then_are_nobodys_business(access: Access) -> None:
    for k in range(50):
        assert "nobody's" in refused(access.auth, Peer(), WRONG, k * (MINUTE / MOST_WRONG + 3.1))


@given(st.lists(st.floats(0.0, 30.0), max_size=60))
def test_no_minute_sees_more_than_five_guesses(pauses: list[float]) -> None:
    guesses, now, looked_at = Guesses(), 0.0, list[float]()
    for pause in pauses:
        now += pause
        if guesses.wait(AWAY, now) == 0.0:
            guesses.wrong(AWAY, now)
            looked_at.append(now)
    for first, sixth in zip(looked_at, looked_at[MOST_WRONG:], strict=False):
        assert sixth - first >= MINUTE - 1e-9


def test_all_addresses_of_one_ipv6_network_guess_together(access: Access) -> None:
    for k in range(MOST_WRONG):
        refused(access.auth, Peer(f"2001:db8:0:7::{k:x}"), WRONG, 0.0)
    assert "wait" in refused(access.auth, Peer("2001:db8:0:7:ffff::1"), LEAD, 0.0)
    assert access.auth(Peer("2001:db8:0:8::1"), LEAD, 0.0) == "architect"


def test_guessing_hosts_are_no_memory_that_grows() -> None:
    guesses = Guesses()
    for k in range(3 * MOST_HOSTS):
        for _ in range(MOST_WRONG):
            guesses.wrong(f"10.{k >> 16}.{k >> 8 & 255}.{k & 255}", 0.0)
    assert len(guesses) == MOST_HOSTS
    assert guesses.wait("10.0.11.255", 0.0) > 0.0, "the latest is kept"


# ---- bounds ---------------------------------------------------------------------------------


def test_one_host_takes_nobody_elses_place(access: Access) -> None:
    access.auth(Peer(), ADA, 0.0)
    noisy = [Peer("10.0.0.9", 1000 + k) for k in range(3 * MOST_SENDERS)]
    for peer in noisy:
        access.auth(peer, BEN, 1.0)
    assert access.role(Peer(), 1.0) == GRANTS[ADA]
    assert sum(access.role(peer, 1.0) is not None for peer in noisy) == MOST_SENDERS - 1
    assert access.role(noisy[-1], 1.0) == GRANTS[BEN]


def test_everybody_behind_one_address_keeps_their_role(access: Access) -> None:
    peers = [Peer(port=1000 + k) for k in range(300)]  # a gateway, or a router between networks
    for peer in peers:
        access.auth(peer, ADA, 0.0)
    assert all(access.role(peer, 1.0) == GRANTS[ADA] for peer in peers)


def test_of_a_hosts_senders_those_stay_that_are_heard(access: Access) -> None:
    peers = [Peer(port=k) for k in range(1, MOST_SENDERS + 2)]
    for peer in peers[:-1]:
        access.auth(peer, ADA, 0.0)
    access.check(peers[0], TREE.accept("/participant/ada/breath", (0.5,)), 1.0)
    access.auth(peers[-1], ADA, 2.0)
    assert [p.port for p in peers if access.role(p, 2.0) is None] == [2]


SOME = st.tuples(st.sampled_from(["put", "use", "pop"]), st.integers(0, 40), st.integers(0, 2))


@given(st.lists(SOME, max_size=200))
def test_a_table_of_senders_never_disagrees_with_itself(steps: list[tuple[str, int, int]]) -> None:
    table, kept = Senders[int](MOST_OF_A_HOST), dict[str, str]()
    for what, number, of in steps:
        host = f"10.0.0.{of}"
        key = f"udp {host}:{number}"
        if what == "put":
            table.put(key, host, number)
            kept.pop(key, None)
            mine = [k for k, h in kept.items() if h == host]
            if len(mine) >= MOST_OF_A_HOST:
                del kept[mine[0]]
            kept[key] = host
        elif what == "use" and table.use(key) is not None:
            kept[key] = kept.pop(key)
        elif what == "pop":
            assert (table.pop(key) is None) == (kept.pop(key, None) is None)
        assert len(table) == len(kept)
    assert all(table.get(key) is not None for key in kept)


def test_a_table_of_senders_is_bounded_in_all() -> None:
    table = Senders[int]()
    for k in range(2 * MOST_SENDERS):
        table.put(f"udp {k}", f"10.0.{k >> 8}.{k & 255}", k)
    assert len(table) == MOST_SENDERS
    assert table.get("udp 0") is None
    assert table.get(f"udp {2 * MOST_SENDERS - 1}") == 2 * MOST_SENDERS - 1


# ---- whatever is tried ----------------------------------------------------------------------

PEERS = [Peer(host, port, kind) for host in (AWAY, "10.0.0.5", "127.0.0.1")
         for port, kind in ((1, "udp"), (2, "udp"), (3, "tcp"))]  # fmt: skip
ADDRESSES = [
    f"/participant/{person}/{tail}" for person in ("ada", "ben", "ada-2")
    for tail in ("feeling", "breath", "leave", "consent", "solo", "join", "input/bloom", "waiting")
] + ["/resonance", "/panic", "/preset", "/learn", "/sync", "/status", "/auth"]  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(PEERS),
        st.one_of(
            st.sampled_from([*GRANTS, WRONG, WRONG]).map(lambda token: ("auth", token)),
            st.sampled_from(ADDRESSES).map(lambda address: ("send", address)),
            st.just(("gone", "")),
        ),
        st.sampled_from([0.0, 0.0, 1.0, 20.0, 0.6 * SILENT, 1.1 * SILENT]),
    ),
    max_size=40,  # fewer than a participant's patterns and state dumps at once
)


@given(STEPS)
def test_whatever_is_tried_nobody_moves_another(
    file: str, steps: list[tuple[Peer, tuple[str, str], float]]
) -> None:
    """Beside it stands the same in a few lines, without tables and bounds."""
    access, now = Access((), file), 0.0
    said: dict[str, tuple[Grant, float]] = {}
    wrong: dict[str, list[float]] = {}
    for peer, (what, word), pause in steps:
        now += pause
        home = peer.host == "127.0.0.1"
        grant, heard = said.get(peer.key, (None, now))
        if home:
            grant = ARCHITECT
        elif peer.kind == "udp" and now - heard > SILENT:
            grant = None
        if what == "gone":
            access.gone(peer)
            said.pop(peer.key, None)
        elif what == "auth":
            guesses = wrong.setdefault(peer.host, [])
            looked_at = home or not (guesses[-1:] and now < _shut(guesses))
            reason = refused(access.auth, peer, word, now)
            assert (reason == "") == (home or (looked_at and word in GRANTS))
            if looked_at and not home:
                guesses.extend([now] if word not in GRANTS else [])
            if not reason and not home:
                said[peer.key] = (GRANTS[word], now)
        else:
            parameter, person, _ = TREE.find(word)
            went = refused(access.check, peer, Control(word, parameter, (), person), now) == ""
            assert went == (word == "/auth" or _allowed(grant, parameter, person)), word
            assert access.sees(peer, word, now) == (
                grant is not None and (grant.role is Role.ARCHITECT or person in ("", grant.person))
            )
            if peer.key in said and grant is not None and word != "/auth":
                said[peer.key] = (said[peer.key][0], now)
            elif grant is None:
                said.pop(peer.key, None)


def _shut(guesses: list[float]) -> float:
    """Until when no token is looked at, after these wrong ones."""
    until, since = 0.0, list[float]()
    for at in guesses:
        since = [t for t in since if at - t < MINUTE] + [at]
        if len(since) >= MOST_WRONG:
            until, since = at + MINUTE, []
    return until


def _allowed(grant: Grant | None, parameter: Parameter, person: str) -> bool:
    if grant is None or grant.role is Role.ARCHITECT:
        return grant is not None
    return parameter.role is Role.PARTICIPANT and person in ("", grant.person)
