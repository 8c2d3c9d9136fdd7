"""``Deliverer``: the threads of a server process that send webhooks, and try again what did not arrive."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping

from worldkit import webhooks
from worldkit.core.process_lock import ProcessCondition
from worldkit.server.outgoing_addresses import BadAddress, Resolve, addresses, parse, system_resolve
from worldkit.server.outgoing_requests import post
from worldkit.server.settings import Settings
from worldkit.server.webhook_store import Delivery, Webhooks

log = logging.getLogger("worldkit.server")

MAX_DELIVERIES = 8
"""Deliveries on their way at once; one to each webhook, so that a slow receiver keeps nobody else waiting."""
MAX_DELIVERIES_PER_APP = 4
"""Deliveries of one app on their way at once: all its receivers may be slow."""

STOP_S = 5.0
"""How long stopping waits for a database that does not answer."""


class Deliverer:
    """Sends the deliveries of a database.

    Args:
        webhooks: What is to be delivered.
        settings: The server's.
        resolve: Finds the addresses of a name.
    """

    def __init__(self, webhooks: Webhooks, settings: Settings, resolve: Resolve = system_resolve) -> None:
        self._webhooks, self._settings, self._resolve = webhooks, settings, resolve
        self._stop = threading.Event()
        self._change = ProcessCondition()
        self._busy_webhooks: dict[str, str] = {}
        """Webhooks that are being sent something, each with its app."""
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start to deliver."""
        self._reader = threading.Thread(target=self._run, daemon=True, name="worldkit-webhooks")
        self._reader.start()

    def stop(self) -> None:
        """Take up nothing more; what is on its way and does not arrive is due again later, for any process."""
        self._stop.set()
        with self._change:
            self._change.notify_all()
        if self._reader is not None:
            self._reader.join(STOP_S)  # so that nothing reads the database any more

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._change:
                    busy = dict(self._busy_webhooks)
                delivery = self._claim(busy) if len(busy) < MAX_DELIVERIES else None
            except Exception:
                log.exception("webhooks could not be read")
                delivery = None
            with self._change:
                if delivery is None:
                    self._change.wait(self._settings.poll_s)
                    continue
                self._busy_webhooks[delivery.webhook] = delivery.app
            self._begin(delivery)

    def _claim(self, busy: Mapping[str, str]) -> Delivery | None:
        """Take a delivery of an app that has none on its way, else of one that may have another."""
        counts = Counter(busy.values())
        full_apps = [app for app, count in counts.items() if count >= MAX_DELIVERIES_PER_APP]
        delivery = self._webhooks.claim(busy, counts)
        return delivery if delivery is not None or not counts else self._webhooks.claim(busy, full_apps)

    def _begin(self, delivery: Delivery) -> None:
        try:
            threading.Thread(target=self._deliver, args=(delivery,), daemon=True, name="worldkit-webhook").start()
        except RuntimeError:  # no thread can be started now; it is due again after its lease
            log.exception("webhook %s: a delivery failed", delivery.webhook)
            with self._change:
                self._busy_webhooks.pop(delivery.webhook, None)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            failure = self._send(delivery)
            delays = self._settings.webhook_retry_s
            if failure is None:
                self._webhooks.settle(delivery)
            elif delivery.attempts > len(delays):
                self._webhooks.settle(delivery)
                log.warning("webhook %s: %s is given up: %s", delivery.webhook, delivery.event, failure)
            else:
                self._webhooks.postpone(delivery, delays[delivery.attempts - 1])
                log.info("webhook %s: %s will be tried again: %s", delivery.webhook, delivery.event, failure)
        except Exception:
            log.exception("webhook %s: a delivery failed", delivery.webhook)
        finally:
            with self._change:
                self._busy_webhooks.pop(delivery.webhook, None)
                self._change.notify_all()

    def _send(self, delivery: Delivery) -> str | None:
        """Send a delivery; returns why it did not arrive, None when it did."""
        private = self._settings.webhooks_private
        body = delivery.body.encode()
        headers = {webhooks.HEADER: webhooks.sign(body, delivery.secret)}
        try:
            target = parse(delivery.url, private=private)
            status = post(target, addresses(target, self._resolve, private=private), body, headers)
        except BadAddress as error:
            return str(error)
        except OSError as error:
            return type(error).__name__
        except Exception as error:  # a defect is given up in the end like any other failure
            log.exception("webhook %s: a delivery failed", delivery.webhook)
            return type(error).__name__
        return None if 200 <= status < 300 else f"answered {status}"
