"""All routes of the product, as its URL resolver knows them."""

from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse


def routes() -> tuple[set[str], set[str]]:
    """The names of all routes, and the views of those without a name."""
    names: set[str] = set()
    nameless: set[str] = set()

    def walk(resolver: URLResolver, space: str) -> None:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                walk(each, f"{space}{each.namespace}:" if each.namespace else space)
            elif each.name:
                names.add(f"{space}{each.name}")
            else:
                nameless.add(each.lookup_str)

    walk(get_resolver(), "")
    return names, nameless


def plain_addresses(*starts: str) -> list[str]:
    """The addresses of the routes of these names that need nothing in them."""
    found = []
    for name in sorted(routes()[0]):
        if name.startswith(starts):
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return found
