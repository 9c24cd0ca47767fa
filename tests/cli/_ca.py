"""A test CA for tests: started on any port, ended by its pid."""

import http.client
import json
import os
import select
import signal
import subprocess
import tempfile
import time
import urllib.parse

from _run import PROGRAM, clean_environment

START_SECONDS = 30  # sanitizers on a busy machine; test_serve.py measures the start
FULL_REQUEST = "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.getheaders()
        self.content_type = response.getheader("Content-Type", "")
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class CA:
    """with CA("--user", "me=pass:letmein") as ca: ... ca.url, ca.management, ca.root (a PEM file), ca.pid"""

    def __init__(self, *options, folder=None, environment=None):
        self.own_folder = tempfile.TemporaryDirectory() if folder is None else None
        self.folder = folder or self.own_folder.name
        root = os.path.join(self.folder, "root.pem")
        self.log_file = os.path.join(self.folder, "ca.log")
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "ca", "--port", "0", "--write-root", root, *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd=self.folder,
                env=environment or clean_environment())
        line = self.first_line()
        if not line:
            self.process.kill()
            raise RuntimeError("serve ca did not start: " + self.log())
        said = json.loads(line)
        self.url, self.management, self.pid = said["url"], said["management"], said["pid"]
        self.root = root

    def first_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        return self.process.stdout.readline() if ready else b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        """Ends it; the exit code."""
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        return code

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    @property
    def port(self):
        return urllib.parse.urlsplit(self.url).port

    def post(self, body, content_type=FULL_REQUEST, path="/cmc", headers=None):
        """Over plain HTTP."""
        return request(self.url, "POST", path, body, {"Content-Type": content_type, **(headers or {})})

    def manage(self, path, body=None):
        """GET, or POST of an object; what comes back."""
        if body is None:
            return request(self.management, "GET", path).json()
        headers = {"Content-Type": "application/json"}
        return request(self.management, "POST", path, json.dumps(body).encode(), headers).json()

    def resident_kilobytes(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def request(url, method, path, body=None, headers=None):
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def wait_until(holds, seconds=10):
    """Asks again and again; the last answer."""
    end = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.02)
