"""The composition root: settings in, a Faust app with all stages and its pages out."""

from faust.web import Request, Response, View
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from accolade.agents.announce import announce
from accolade.agents.credit import credit
from accolade.agents.metrics import Metrics, TaskState
from accolade.agents.rank import rank
from accolade.agents.stages import StageFactory
from accolade.agents.tally import tally
from accolade.schemas import codec_for
from accolade.streams.engine.app import App
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.stores import StoreMaker, in_memory
from accolade.streams.kafka_clients import (
    admin_config,
    consumer_config,
    faust_broker_credentials,
    transactional_producer_config,
)
from accolade.streams.settings import Settings
from accolade.streams.settings_file import SettingsError


def make_app(settings: Settings) -> App:
    """Return the app that runs every stage of the flow for these settings."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    app = App(
        settings.group,
        broker=[f"batched://{address}" for address in settings.bootstrap_servers.split(",")],
        broker_credentials=faust_broker_credentials(settings),
        clients=Clients(
            lambda transactional_id: transactional_producer_config(settings, transactional_id),
            lambda: consumer_config(settings, f"{settings.group}-restore"),
            lambda: admin_config(settings),
        ),
        observer=metrics,
        stores=stores_of(settings),
        standbys=settings.standbys,
        broker_client_id=settings.group,
        broker_session_timeout=settings.session_timeout_seconds,
        broker_heartbeat_interval=settings.session_timeout_seconds / 6,
        broker_check_crcs=settings.check_crcs,
        broker_max_poll_records=settings.fetch_records,
        consumer_group_instance_id=settings.instance_id,
        web_host=settings.web_host,
        web_bind=settings.web_host,
        web_port=settings.web_port,
        datadir=settings.data_dir,
    )
    factory = StageFactory(settings, codec_for(settings))
    for stage in (announce, credit, tally, rank):
        app.add_stage(stage(factory, settings.partitioning))
    registry.register(TaskState(app.runners, metrics.lags))
    _add_pages(app, registry)
    return app


def stores_of(settings: Settings) -> StoreMaker:
    """
    Return what opens the stores of a worker with these settings.

    Raises:
        SettingsError: The store needs a package that isn't installed.
    """
    if settings.store == "memory":
        return in_memory
    try:
        from accolade.streams.engine.rocks_store import RocksStores
    except ImportError as error:
        raise SettingsError(
            "ACCOLADE_STORE: rocksdb needs the package rocksdict; install accolade[rocksdb]"
        ) from error
    return RocksStores(settings.data_dir.absolute() / "state")


def _add_pages(app: App, registry: CollectorRegistry) -> None:
    async def metrics(self: View, request: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return self.bytes(generate_latest(registry), headers=headers)

    async def healthy(self: View, request: Request) -> Response:
        failed = app.failure is not None
        return self.text("failed\n" if failed else "ok\n", status=500 if failed else 200)

    async def ready(self: View, request: Request) -> Response:
        return self.text("ready\n" if app.ready else "starting\n", status=200 if app.ready else 503)

    app.page("/metrics", name="metrics")(metrics)
    app.page("/healthz", name="healthz")(healthy)
    app.page("/readyz", name="readyz")(ready)
