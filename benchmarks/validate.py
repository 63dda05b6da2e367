"""How long validation takes, beside python-xmlsec verifying the same documents, in one run.

python-xmlsec checks the certificate against its authority without any revocation list; we check path and
lists, with the store's answers warm. Run: ``make bench``, or ``python benchmarks/validate.py``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from egovdocs.sandbox.authority import Algorithm, Authority, IssuedKey
from egovdocs.signing import TrustStore, ValidationPolicy, sign, validate

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS = {
    "rsa": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "ec": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
}
ROUNDS = 15
BULK = 10_000
BULK_ROUNDS = 5

Material = tuple[bytes, list[bytes], list[bytes]]
_Spent = tuple[float, float]


def request(size: int) -> bytes:
    """A request of about this many bytes."""
    entry = "<req:site><req:address>130000, Ақтау қаласы, 4 шағын аудан</req:address></req:site>"
    count = max(1, size // len(entry.encode()))
    return f'<req:request xmlns:req="urn:egovdocs:request:1">{entry * count}</req:request>'.encode()


def plain(document: bytes, key: IssuedKey, algorithm: str) -> bytes:
    """The document with a plain XML signature, by libxmlsec."""
    template = (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{METHODS[algorithm]}"/><ds:Reference URI=""><ds:Transforms>'
        f'<ds:Transform Algorithm="{DS}enveloped-signature"/><ds:Transform Algorithm="{EXCLUSIVE}"/>'
        '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>"
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    end = document.rindex(b"</")
    root = etree.fromstring(document[:end] + template.encode() + document[end:])
    context = xmlsec.SignatureContext()
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    context.key.load_cert_from_memory(key.certificate.public_bytes(Encoding.PEM), xmlsec.KeyFormat.PEM)
    context.sign(next(root.iter(f"{{{DS}}}Signature")))
    return etree.tostring(root, encoding="utf-8")


def peer(document: bytes, anchors: list[bytes]) -> Callable[[], None]:
    """python-xmlsec as its users write it."""
    manager = xmlsec.KeysManager()
    for anchor in anchors:
        manager.load_cert_from_memory(anchor, xmlsec.KeyFormat.PEM, xmlsec.KeyDataType.TRUSTED)

    def verify() -> None:
        root = etree.fromstring(document)
        xmlsec.tree.add_ids(root, ["Id"])
        xmlsec.SignatureContext(manager).verify(xmlsec.tree.find_node(root, "Signature", DS))

    return verify


def ours(document: bytes, policy: ValidationPolicy) -> Callable[[], None]:
    def verify() -> None:
        if not validate(document, policy).passed:
            raise SystemExit(validate(document, policy).text())

    return verify


def side_by_side(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """Seconds a call of each, taking turns so that the machine's moods strike both."""
    calls = max(1, int(0.02 / _once(one)))
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for call, found in zip((one, other), times, strict=True):
            start = time.perf_counter()
            for _call in range(calls):
                call()
            found.append((time.perf_counter() - start) / calls)
    return statistics.median(times[0]), statistics.median(times[1])


def _once(call: Callable[[], None]) -> float:
    call()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    print(f"{'':34}{'ours, µs':>10}{'xmlsec, µs':>12}{'ratio':>8}")
    bulk = None
    algorithms: tuple[Algorithm, ...] = ("rsa", "ec")
    for algorithm in algorithms:
        root = Authority.create("Корень", algorithm=algorithm)
        ca = root.intermediate("Центр", algorithm=algorithm)
        key = ca.issue_person("ИВАНОВ ИВАН ИВАНОВИЧ", "900101300017", algorithm=algorithm)
        store = TrustStore([root.certificate, ca.certificate], [root.crl(), ca.crl()])
        policy = ValidationPolicy(trust=store)
        pems = [each.certificate.public_bytes(Encoding.PEM) for each in (root, ca)]
        for size in (4_000, 400_000):
            document = request(size)
            for kind, signed in (
                ("XML-DSig", plain(document, key, algorithm)),
                ("XAdES", sign(document, key.signer)),
            ):
                mine, theirs = side_by_side(ours(signed, policy), peer(signed, pems))
                name = f"{kind}, {algorithm}, {size // 1000} KB"
                print(f"{name:34}{mine * 1e6:10.0f}{theirs * 1e6:12.0f}{mine / theirs:8.2f}")
                bulk = bulk or (signed, pems, [root.crl(), ca.crl()])
    assert bulk is not None
    _compare_processes(bulk)


def _compare_processes(material: Material) -> None:
    """One process beside two, in turns; and beside both, arithmetic that shares nothing at all.

    What two processes of mere arithmetic gain is what the machine has to give at the time.
    """
    pools = [_Workers(processes, material) for processes in (1, 2)]
    times: dict[str, list[list[_Spent]]] = {"validate": [[], []], "count": [[], []]}
    for _round in range(BULK_ROUNDS):
        for work, found in times.items():
            for pool, spent in zip(pools, found, strict=True):
                spent.append(pool.spend(work))
    for pool in pools:
        pool.close()
    for work, found in times.items():
        one, two = (min(wall for wall, _cpu in spent) for spent in found)
        cpu_one, cpu_two = (min(cpu for _wall, cpu in spent) for spent in found)
        title = f"{BULK} documents" if work == "validate" else "arithmetic"
        seconds = f"one process {one * BULK_ROUNDS:.1f} s, two {two * BULK_ROUNDS:.1f} s"
        print(
            f"{title}: {seconds}: {one / two:.2f} times faster, for {cpu_two / cpu_one:.2f} times the cycles"
        )


class _Workers:
    """Processes that have loaded all they need, and validated once, before the clock starts."""

    def __init__(self, processes: int, material: Material) -> None:
        context = get_context("spawn")
        ready = context.Barrier(processes + 1)
        self._processes = processes
        self._pool = context.Pool(processes, _prepare, (material, ready))
        ready.wait()

    def spend(self, work: str) -> _Spent:
        """Wall-clock and processor seconds for one round's share."""
        pieces = 10 * self._processes
        start = time.perf_counter()
        cpu = self._pool.starmap(_work, [(work, BULK // BULK_ROUNDS // pieces)] * pieces, chunksize=1)
        return time.perf_counter() - start, sum(cpu)

    def close(self) -> None:
        self._pool.close()
        self._pool.join()


_worker: list[Callable[[], None]] = []


def _prepare(material: Material, ready: Barrier) -> None:
    document, anchors, lists = material
    _worker.append(ours(document, ValidationPolicy(trust=TrustStore.load(anchors, lists))))
    _worker[0]()
    ready.wait()


def _work(work: str, count: int) -> float:
    start = time.process_time()
    for _each in range(count):
        if work == "validate":
            _worker[0]()
        else:
            sum(range(20_000))
    return time.process_time() - start


if __name__ == "__main__":
    main()
