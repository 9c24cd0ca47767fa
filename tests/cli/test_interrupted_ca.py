"""The test CA ended by SIGKILL under load, again and again: no certificate that was given out is lost, no serial number is
used twice, and nothing is half done. CMCCTL_KILLS=200 for more than the usual number of times."""

import base64
import http.client
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from _ca import CA
from _run import Checks, cmcctl

KILLS = int(os.environ.get("CMCCTL_KILLS", "20"))
MESSAGES = 40  # each is sent in every round until it is answered
CLIENTS = 3
LONGEST_ROUND = 0.25  # seconds

checks = Checks()
chance = random.Random(20261121)


def run(*arguments):
    result = cmcctl(*arguments, cwd=folder)
    if result.returncode != 0:
        sys.exit(f"{arguments}: {result.stderr}")
    return result


def make_message(number):
    """A renewal with its own nonce and transaction, for the same key."""
    name = f"{number}.crq"
    run("request", "cmc", "me.csr", "--sign-with", "me.key", "--cert", "me.pem", "--force", "-o", name)
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def certificate_in(response):
    """The new certificate: not the CA's own, which is the same in all answers."""
    with open(os.path.join(folder, "response.crp"), "wb") as file:
        file.write(response)
    text = run("convert", "--extract", "certs", "--to", "pem", "response.crp").stdout
    found = [base64.b64decode("".join(block.split("-----")[0].split()))
             for block in text.split("-----BEGIN CERTIFICATE-----")[1:]]
    return [der for der in found if der not in known]


class Client(threading.Thread):
    """Sends messages until the CA is gone."""

    def __init__(self, ca, queue):
        super().__init__()
        self.ca, self.queue, self.answers = ca, queue, {}

    def run(self):
        try:
            for number in self.queue:
                answer = self.ca.post(messages[number])
                if answer.status == 200:
                    self.answers[number] = answer.body
        except (OSError, http.client.HTTPException):
            pass  # killed


def one_round(index):
    with CA("--store", "ca.db", "--force", folder=folder) as ca:
        order = chance.sample(range(MESSAGES), MESSAGES)
        clients = [Client(ca, order[i::CLIENTS]) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(chance.random() * LONGEST_ROUND)
        ca.stop(signal.SIGKILL)
        for client in clients:
            client.join()
    for client in clients:
        for number, body in client.answers.items():
            if number in answered:
                checks.that(answered[number] == body, f"round {index}: message {number} has another answer now")
            answered[number] = body
    # As many are new in every round as were answered in it.
    for number in list(answered)[: len(answered) // 2]:
        finished.append(answered.pop(number))
        messages[number] = make_message(number)


def look_at_the_store():
    database = sqlite3.connect(os.path.join(folder, "ca.db"))
    checks.equal(database.execute("PRAGMA integrity_check").fetchone()[0], "ok", "the database is sound")
    rows = database.execute("SELECT serial, der FROM certificate").fetchall()
    checks.equal(len({serial for serial, _ in rows}), len(rows), "no serial number twice")
    given = {der for _, der in rows}
    for response in [*answered.values(), *finished]:
        for der in certificate_in(response):
            checks.that(der in given, "a certificate that was given out is in the store")
    exchanges = database.execute("SELECT count(*) FROM exchange").fetchone()[0]
    # Besides the RA's there is one certificate for each answered message, and the other way round.
    renewals = database.execute("SELECT count(*) FROM certificate WHERE profile = 'user'").fetchone()[0]
    checks.equal(exchanges, renewals, "every certificate with its answer, every answer with its certificate")
    database.close()
    return renewals


with tempfile.TemporaryDirectory(prefix="cmcctl-kill-") as folder:
    with open(os.path.join(folder, "secret"), "w", encoding="ascii") as file:
        file.write("let me in")
    with CA("--store", "ca.db", "--user", "me=file:secret", folder=folder) as ca:
        run("enroll", "--to", ca.url, "--new-key", "ec:P-256", "--key-out", "me.key", "--subject", "CN=me",
            "--identification", "me", "--secret", "file:secret", "--trust", "root.pem", "-o", "me.pem")
    run("request", "p10", "--key", "me.key", "--subject", "CN=me", "--ski", "-o", "me.csr")
    known = set()
    for name in ("root.pem", "me.pem"):
        with open(os.path.join(folder, name), encoding="ascii") as file:
            known.add(base64.b64decode("".join(file.read().split("-----")[2].split())))
    messages = [make_message(number) for number in range(MESSAGES)]
    answered, finished = {}, []
    for index in range(KILLS):
        one_round(index)
    count = look_at_the_store()
    checks.that(len(finished) + len(answered) >= KILLS, "the CA answered under load")
    print(f"{KILLS} kills, {count} certificates in the store, {len(finished) + len(answered)} answers")
checks.finish()
