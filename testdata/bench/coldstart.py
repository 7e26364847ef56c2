"""Cold starts: from the start of the direct handler's process to its first answer.

The Lambda Runtime API, of one invocation on one connection, and an S3 that holds
the sample job's model and table are a few lines each here.
"""

import contextlib
import json
import pathlib
import socket
import socketserver
import subprocess
import threading
import time

SAMPLE = {
    "model_s3_uri": "s3://ml-models/house-prices/model.pkl",
    "data_s3_uri": "s3://ml-data/house-prices/house-prices.csv",
    "output_s3_uri": "s3://ml-results/house-prices/bench.csv",
    "prediction_column_name": "prediction",
    "feature_columns": "auto",
}
WRONG = {}  # is answered without S3
SAMPLES = pathlib.Path("testdata/sample")
RESULT = "/ml-results/house-prices/bench.csv"


def start(program, payload, endpoint):
    """Milliseconds to the answer, and the answer."""
    api = socket.create_server(("127.0.0.1", 0))
    api.settimeout(30)
    env = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}", "AWS_LAMBDA_FUNCTION_NAME": "invoke",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL": endpoint,
    }
    begin = time.perf_counter()
    child = subprocess.Popen([program], env=env, stdout=subprocess.DEVNULL)
    try:
        with api, api.accept()[0] as function:
            function.settimeout(30)
            receive(function, b"\r\n\r\n")  # GET /2018-06-01/runtime/invocation/next
            function.sendall(invocation(json.dumps(payload).encode()))
            answer = receive(function, b"\r\n0\r\n\r\n")  # the last of its chunks
            return (time.perf_counter() - begin) * 1000, answer
    finally:
        child.kill()
        child.wait()


def invocation(payload):
    head = ["HTTP/1.1 200 OK", "Lambda-Runtime-Aws-Request-Id: 1", f"Lambda-Runtime-Deadline-Ms: {int(time.time() * 1000) + 60_000}",
            f"Content-Length: {len(payload)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + payload


def receive(connection, end):
    """What comes up to the end."""
    data = b""
    while not data.endswith(end):
        more = connection.recv(1 << 16)
        if not more:
            raise SystemExit(f"the invoke function ended after {data}")
        data += more
    return data


class S3(socketserver.StreamRequestHandler):
    """Answers from memory, so that a server's own time is not the function's."""

    disable_nagle_algorithm = True
    objects = {}

    def handle(self):
        while line := self.rfile.readline().decode():
            method, target, _ = line.split(" ")
            headers = dict(self.headers())
            body = self.rfile.read(int(headers.get("content-length", 0)))
            path = target.partition("?")[0]
            if method == "PUT":
                self.objects[path] = body
                self.answer("200 OK", b"")
            else:  # the range that is asked for is more than there is
                found = self.objects[path]
                self.answer("206 Partial Content", found, f"Content-Range: bytes 0-{len(found) - 1}/{len(found)}")

    def headers(self):
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(": ")
            yield name.lower(), value

    def answer(self, status, body, *more):
        head = [f"HTTP/1.1 {status}", 'ETag: "1"', f"Content-Length: {len(body)}", *more]
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)


@contextlib.contextmanager
def s3():
    """The endpoint of an S3 with the sample job's model and table."""
    S3.objects = {"/ml-models/house-prices/model.pkl": (SAMPLES / "house-prices/model.pkl").read_bytes(),
                  "/ml-data/house-prices/house-prices.csv": (SAMPLES / "house-prices.csv").read_bytes()}
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), S3) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def measure(program, rounds):
    """Milliseconds of each round, for the sample job and for a payload that is refused."""
    times = {"job": [], "refusal": []}
    expected = (SAMPLES / "expected.csv").read_bytes()
    with s3() as endpoint:
        for _ in range(rounds):
            for name, payload, success in ("job", SAMPLE, b'"success":true'), ("refusal", WRONG, b'"success":false'):
                ms, answer = start(program, payload, endpoint)
                if success not in answer:
                    raise SystemExit(f"the invoke function answered {answer}")
                times[name].append(ms)
            if S3.objects.pop(RESULT) != expected:
                raise SystemExit("the invoke function's result is not scikit-learn's")
    return times
