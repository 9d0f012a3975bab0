"""Our server calls only what anybody could call."""

from ipaddress import ip_address

import pytest

from patients.domain.public_address import is_public, may_be_public, public_url

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1"),
    *("fc00::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1"),
]
NOWHERE = [
    *("localhost", "LOCALHOST.", "db", "a.localhost", "nas.local", "metadata.google.internal"),
    *("127.1", "2130706433", "0x7f000001", "1.2.3", "", "router.lan", "[::1]"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_a_machine_or_its_network_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", NOWHERE)
def test_names_that_never_lead_outside_are_refused_as_they_are_written(host):
    assert not may_be_public(host)


@pytest.mark.parametrize("host", ["push.example.org", "fcm.googleapis.com", "xn--fiqs8s.cn"])
def test_names_of_the_internet_pass(host):
    assert may_be_public(host)


@pytest.mark.parametrize(
    "url",
    [
        *("http://push.example.org/x", "https://127.0.0.1/x", "https://[::1]/x", "ftp://a.org/"),
        *("https://user:word@a.org/", "https://a.org/x y", "https://a.org/x\r\nHost: b", "a.org"),
        *("https://a.org/#place", "https://a.org:x/", "https://例子.org/", "https:///path", ""),
    ],
)
def test_what_is_no_public_https_address_is_refused(url):
    with pytest.raises(ValueError, match=r"."):
        public_url(url)


def test_an_address_is_kept_as_it_is_without_blanks_around():
    assert public_url(" https://a.org/x?y=1 ") == "https://a.org/x?y=1"


def test_the_operator_may_open_a_private_host_and_no_other():
    opened = frozenset({"gateway", "127.0.0.1"})
    assert public_url("http://gateway:8080/x", private_hosts=opened) == "http://gateway:8080/x"
    with pytest.raises(ValueError, match="not public"):
        public_url("https://127.0.0.2/", private_hosts=opened)
