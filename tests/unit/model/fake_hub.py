"""A Hub on this computer: serves the folders below a root as repositories at one revision."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

REVISION = "a" * 40


class Handler(BaseHTTPRequestHandler):
    """Answers ``/{owner}/{name}/resolve/{revision}/{file}`` as the Hub does, and little else."""

    root: Path
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, *, with_body: bool) -> None:
        code, headers, content = self.find(
            [part for part in self.path.split("?")[0].split("/") if part]
        )
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def find(self, parts: list[str]) -> tuple[int, dict[str, str], bytes]:
        if not parts:
            return 200, {}, b""
        if parts[0] == "api":
            return (200, {}, self.tree(parts[2:])) if "tree" in parts else (404, {}, b"")
        repository, revision = self.root.joinpath(*parts[:2]), parts[3]
        if not repository.is_dir():
            return 404, {"X-Error-Code": "RepoNotFound"}, b""
        if revision != REVISION:
            return 404, {"X-Error-Code": "RevisionNotFound"}, b""
        commit = {"X-Repo-Commit": revision}
        file = repository.joinpath(*parts[4:])
        if not file.is_file():
            return 404, {"X-Error-Code": "EntryNotFound", **commit}, b""
        content = file.read_bytes()
        return 200, {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', **commit}, content

    def tree(self, parts: list[str]) -> bytes:
        """List a repository's files; of its folders none."""
        owner, name, _, revision, *below = parts
        folder = self.root / owner / name
        files = sorted(folder.iterdir()) if revision == REVISION and folder.is_dir() else []
        listed = [
            {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": "0" * 40}
            for file in files
            if file.is_file() and not below
        ]
        return json.dumps(listed).encode()


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve repositories below ``root``; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"root": root}))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
