"""`python -m loadtests`: the load suite's own options and scenarios, as Locust cannot show them.

`locust -f loadtests/locustfile.py --help` prints before it reads the locustfile: Locust's own.
"""

from locust.argument_parser import LocustArgumentParser

from loadtests import options, scenarios


def manual() -> str:
    """The options beside Locust's own, and what each scenario is for."""
    parser = LocustArgumentParser(
        prog="locust -f loadtests/locustfile.py", add_help=False, usage="%(prog)s [options]",
        description="Options of the load suite, beside all of Locust's own (--headless, --users, "
        "--run-time, --tags, --processes, --master, --worker, --html, --csv, ...).",
    )  # fmt: skip
    options.add_to(parser)
    lines = [f"  {name:<12}{one.sentence}" for name, one in scenarios.load().items()]
    return "\n".join((parser.format_help(), "scenarios:", *lines))


if __name__ == "__main__":
    print(manual())
