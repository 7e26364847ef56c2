"""Cold starts: from the start of the direct handler's process to its first answer.

brine-local serves S3, with its sample job's model and table; the Lambda Runtime
API is a few lines here.
"""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time
import urllib.request

SAMPLE = {
    "model_s3_uri": "s3://ml-models/house-prices/model.pkl",
    "data_s3_uri": "s3://ml-data/house-prices/house-prices.csv",
    "output_s3_uri": "s3://ml-results/house-prices/bench.csv",
    "prediction_column_name": "prediction",
    "feature_columns": "auto",
}
WRONG = {}  # is answered without S3


class RuntimeAPI(http.server.ThreadingHTTPServer):
    """Hands out one invocation and keeps its answer."""

    def __init__(self, payload):
        super().__init__(("127.0.0.1", 0), Handler)
        self.payload, self.taken = json.dumps(payload).encode(), threading.Event()
        self.answered, self.over, self.answer = threading.Event(), threading.Event(), None

    def handle_error(self, *_):
        """The function is ended while it waits for another invocation."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.server.taken.is_set():
            self.server.over.wait()
            return
        self.server.taken.set()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 60_000))
        self.send_header("Content-Length", str(len(self.server.payload)))
        self.end_headers()
        self.wfile.write(self.server.payload)

    def do_POST(self):
        self.server.answer = json.loads(self.body())
        self.server.answered.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def body(self):
        if length := self.headers["Content-Length"]:
            return self.rfile.read(int(length))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def log_message(self, *_):
        pass


def start(payload, endpoint):
    """Milliseconds to the answer, and the answer."""
    api = RuntimeAPI(payload)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    env = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}", "AWS_LAMBDA_FUNCTION_NAME": "invoke",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL": endpoint,
    }
    begin = time.perf_counter()
    child = subprocess.Popen(["dist/host/invoke/bootstrap"], env=env, stdout=subprocess.DEVNULL)
    try:
        if not api.answered.wait(30):
            raise SystemExit("the invoke function did not answer")
        return (time.perf_counter() - begin) * 1000, api.answer
    finally:
        child.kill()
        child.wait()
        api.over.set()
        api.shutdown()
        api.server_close()


@contextlib.contextmanager
def local_s3(port=4597):
    folder = pathlib.Path(".local/bench/local")
    shutil.rmtree(folder, ignore_errors=True)
    server = subprocess.Popen(["dist/host/brine-local", "-port", str(port), "-dir", str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if line.startswith("Serving"):
                break
        else:
            raise SystemExit("brine-local does not serve")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def measure(rounds):
    """Milliseconds of each round, for the sample job and for a payload that is refused."""
    times = {"job": [], "refusal": []}
    with local_s3() as endpoint:
        for _ in range(rounds):
            for name, payload, success in ("job", SAMPLE, True), ("refusal", WRONG, False):
                ms, answer = start(payload, endpoint)
                if answer["body"]["success"] is not success:
                    raise SystemExit(f"the invoke function answered {answer}")
                times[name].append(ms)
    return times
