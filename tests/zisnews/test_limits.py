"""Whom a limit counts."""

import pytest

from zisnews.limits import network_of


@pytest.mark.parametrize(
    ("one", "another"),
    [("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1")],
)
def test_whoever_has_a_network_of_ipv6_is_one(one, another):
    assert network_of(one) == network_of(another)


@pytest.mark.parametrize(("one", "another"), [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("192.0.2.1", "192.0.2.2")])
def test_neighbours_are_counted_apart(one, another):
    assert network_of(one) != network_of(another)


def test_a_socket_without_an_address_is_counted_as_it_is_called():
    assert network_of("unix:") == "unix:"
