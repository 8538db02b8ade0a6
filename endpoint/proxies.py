"""The proxies that the environment names: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, and NO_PROXY."""

from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from endpoint.target import Target


def proxies_of(target: Target) -> dict[str, str]:
    """Those between here and a target, by scheme: none before a target on this machine."""
    return {} if target.is_loopback else dict(get_environ_proxies(target.url, no_proxy=None))


def by_way_of(target: Target) -> str:
    """Name the proxy before a target, without the password that its address may hold."""
    proxy = select_proxy(target.url, proxies_of(target))
    if not proxy:
        return ""
    where = urlsplit(proxy if "://" in proxy else f"//{proxy}").netloc.rpartition("@")[2]
    return f" (asked through the proxy {where}, which the environment names)"
