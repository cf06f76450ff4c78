"""`accolade worker`: runs every stage of the flow."""

import typer


def run() -> None:
    """
    Run a worker: credit, tally, rank and announce, for the partitions it is given.

    Start as many as you like with the same settings; they share the partitions.
    It answers /metrics, /healthz and /readyz on the web port, and ends with
    status 1 and the reason when it can't go on without losing a record.
    """
    from accolade.agents.app import make_app
    from accolade.deploy.cli.problems import fail, load_settings
    from accolade.streams.engine.worker import run_worker
    from accolade.streams.logs import configure_logs
    from accolade.streams.settings_file import SettingsError
    from accolade.streams.topics import TopicsError, missing_topics

    settings = load_settings()
    try:
        missing = missing_topics(settings)
    except TopicsError as error:
        fail(f"{error}\nStart it, or set ACCOLADE_BOOTSTRAP_SERVERS to where it is.")
    if missing:
        fail(
            f"topics are missing on {settings.bootstrap_servers}: {', '.join(missing)}\n"
            "Make them with: accolade topics create"
        )
    configure_logs(settings)
    try:
        app = make_app(settings)
    except SettingsError as error:
        fail(f"the settings can't be used\n{error}")
    raise typer.Exit(run_worker(app, override_logging=False))
