#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Set up and start Charta, or run its tests: `python3 run.py` and `python3 run.py test`.

Standard library only, and it stays away from the application: it makes `.venv`, installs the pinned set and
hands over to the command `charta`. The file must parse on Python 3.6, so that an old Python is told what it
lacks instead of a syntax error; therefore no newer syntax and no annotations of newer types here.
"""

import argparse
import ctypes
import glob
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
CONSTRAINTS = os.path.join(ROOT, "constraints.txt")
OLDEST_PYTHON = (3, 11)
DEFAULT_PORT = 8080
APT_LINE = "apt-get install -y chromium libatomic1 postgresql-15 libreoffice-writer-nogui poppler-utils"
# What the finished environment takes on disk, measured and rounded up.
NEEDED_MEGABYTES = {"": 250, "test": 700}
START_TIMEOUT_SECONDS = 180
DEMONSTRATION_PASSWORD = "charta-demo"
DEMONSTRATION_ACCOUNTS = (
    ("Administration", "admin@example.org"),
    ("Moderation", "moderation@example.org  moderation2@example.org"),
    ("Partner / partners", "amz@ ihk@ igmetall@ arbeitsagentur@ cwe@example.org"),
    ("Stellvertretung / deputy", "ihk-stv@example.org"),
    ("Teilnehmende / attendees", "teilnahme1@example.org … teilnahme8@example.org"),
)


# ------------------------------------------------------------------------------------------ talking to people


def say(text):
    """Print a line, also on a terminal that cannot show umlauts."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def fail(german, english):
    """End with exit code 1 and the reason in both languages."""
    text = "\nCharta: {}\n\nCharta: {}\n".format(german.strip(), english.strip())
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding))
    sys.stderr.flush()
    raise SystemExit(1)


def check_python(version):
    """Refuse a Python that is too old, naming both versions."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return
    found = ".".join(str(part) for part in version[:3])
    wanted = ".".join(str(part) for part in OLDEST_PYTHON)
    fail(
        "Dieses Python ist zu alt: gefunden {0}, gebraucht wird {1} oder neuer.\n"
        "Bitte ein neueres Python installieren und damit starten, zum Beispiel: python{1} run.py".format(
            found, wanted
        ),
        "this Python is too old: found {0}, needed {1} or newer.\n"
        "Please install a newer Python and start with it, for example: python{1} run.py".format(
            found, wanted
        ),
    )


# ------------------------------------------------------------------------------------------ other programs


def run(command, **options):
    """Run a program in the source tree with its output on the terminal; return its exit code."""
    return subprocess.run(command, check=False, cwd=ROOT, **options).returncode


def capture(command):
    """Run a program in the source tree; return its exit code and what it printed."""
    done = subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace").rstrip()


def find_program(*names):
    """Return the first of these programs that is installed, or None."""
    return next((found for found in map(shutil.which, names) if found), None)


# ------------------------------------------------------------------------------------------- the environment


def in_venv(name):
    """Return the path of a program inside .venv."""
    if os.name == "nt":
        return os.path.join(VENV, "Scripts", name + ".exe")
    return os.path.join(VENV, "bin", name)


def venv_version():
    """Return (major, minor) of the Python in .venv, or None when it is missing, broken or without pip."""
    if not os.path.exists(in_venv("python")):
        return None
    script = "import sys, pip; print(sys.version_info[0], sys.version_info[1])"
    code, output = capture([in_venv("python"), "-I", "-c", script])
    return None if code else tuple(int(part) for part in output.split())


def lacks_venv():
    """Say whether this Python cannot make environments (Debian ships venv and ensurepip apart)."""
    import importlib.util

    return importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None


def fail_without_venv(detail=""):
    """Explain how to get the missing part of the standard library."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    fail(
        "Diesem Python fehlt „venv“ oder „ensurepip“. Auf Debian und Ubuntu hilft (als root):\n"
        "    apt-get install -y python3-venv      (oder genau: {})\nDanach denselben Befehl noch einmal "
        "starten.".format(package),
        "this Python lacks `venv` or `ensurepip`. On Debian and Ubuntu (as root):\n"
        "    apt-get install -y python3-venv      (or exactly: {})\n"
        "Then start the same command again.{}".format(package, "\n\n" + detail if detail else ""),
    )


def make_venv():
    """Make .venv with this Python unless a working one of the same version is there."""
    if venv_version() == tuple(sys.version_info[:2]):
        return
    if lacks_venv():
        fail_without_venv()
    say("Umgebung .venv wird angelegt … / making the environment .venv …")
    # Not --clear: it would empty the folder a link points to; remove what we own instead.
    if os.path.isdir(VENV) and not os.path.islink(VENV):
        shutil.rmtree(VENV)
    code, output = capture([sys.executable, "-m", "venv", VENV])
    if code == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if "No space left" in output:
        fail_without_space(0)
    if "ensurepip" in output:
        fail_without_venv()
    fail_without_venv(output[-1500:])


def fail_without_space(free_megabytes, needed=NEEDED_MEGABYTES["test"]):
    """Tell how much room there is and how much is needed."""
    fail(
        "Zu wenig Platz auf dem Datenträger von {}: frei sind {} MB, gebraucht werden etwa {} MB.".format(
            ROOT, free_megabytes, needed
        ),
        "not enough disk space at {}: {} MB free, about {} MB needed.".format(ROOT, free_megabytes, needed),
    )


def stamp(extra):
    """Return the fingerprint of everything that decides what has to be installed."""
    digest = hashlib.sha256(repr((ROOT, tuple(sys.version_info[:2]), extra)).encode())
    for name in ("pyproject.toml", "constraints.txt", "hatch_build.py"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_installed(extra):
    """Say whether .venv holds what this source tree asks for."""
    if venv_version() != tuple(sys.version_info[:2]) or not os.path.exists(in_venv("charta")):
        return False
    # The test set contains the runtime set, so its stamp answers for both.
    for candidate in {extra, "test"}:
        path = os.path.join(VENV, ".charta-stamp-" + (candidate or "runtime"))
        if os.path.exists(path):
            with open(path) as file:
                if file.read() == stamp(candidate):
                    return True
    return False


def install(extra=""):
    """Install the pinned set into .venv; nothing happens when the stamp says that it is there."""
    if is_installed(extra):
        return
    free_megabytes = shutil.disk_usage(ROOT).free // 1_000_000
    if free_megabytes < NEEDED_MEGABYTES[extra]:
        fail_without_space(free_megabytes, NEEDED_MEGABYTES[extra])
    make_venv()
    say("Pakete werden installiert (etwa eine Minute) … / installing packages (about a minute) …")
    target = ROOT + ("[{}]".format(extra) if extra else "")
    pip = [in_venv("python"), "-m", "pip", "install", "--quiet", "--no-input"]
    code, output = capture(
        [*pip, "--disable-pip-version-check", "--constraint", CONSTRAINTS, "--editable", target]
    )
    if code != 0:
        explain_pip(output)
    with open(os.path.join(VENV, ".charta-stamp-" + (extra or "runtime")), "w") as file:
        file.write(stamp(extra))


NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeout",
    "ConnectionError",
    "Connection refused",
    "Connection aborted",
    "Failed to establish a new connection",
    "Max retries exceeded",
    "Name or service not known",
    "name resolution",
    "Network is unreachable",
    "ProxyError",
    "ReadTimeout",
    "SSLError",
    "No matching distribution found",
)


def explain_pip(output):
    """Turn pip's last words into a message that says what to do."""
    tail = "\n\npip:\n" + "\n".join(output.splitlines()[-15:])
    if "No space left on device" in output or "[Errno 28]" in output:
        fail_without_space(shutil.disk_usage(ROOT).free // 1_000_000)
    if any(sign in output for sign in NETWORK_SIGNS):
        fail(
            "Das Paketverzeichnis ist nicht erreichbar, oder es kennt ein Paket nicht. Bitte die Verbindung\n"
            "und, falls nötig, die Proxy-Einstellung (HTTPS_PROXY) oder das eigene Verzeichnis\n"
            "(PIP_INDEX_URL) prüfen. Danach denselben Befehl noch einmal starten.",
            "the package registry is out of reach, or does not know a package. Please check the network\n"
            "and, where needed, the proxy (HTTPS_PROXY) or your own registry (PIP_INDEX_URL). Then start\n"
            "the same command again." + tail,
        )
    fail("Das Installieren der Pakete ist fehlgeschlagen.", "installing the packages failed." + tail)


def compile_catalogues():
    """Compile the message catalogues that are newer than their compiled form."""
    folder = os.path.join(ROOT, "charta", "translations")
    stale = False
    for source in glob.glob(os.path.join(folder, "*", "LC_MESSAGES", "*.po")):
        compiled = source[:-3] + ".mo"
        stale = stale or not os.path.exists(compiled) or os.path.getmtime(compiled) < os.path.getmtime(source)
    if stale and run([in_venv("python"), os.path.join(ROOT, "hatch_build.py"), folder]) != 0:
        fail("Die Übersetzungen ließen sich nicht bauen.", "the translations could not be compiled.")


def prepare(extra=""):
    """Bring .venv and the compiled catalogues up to date."""
    install(extra)
    compile_catalogues()


# --------------------------------------------------------------------------------------------------- starting


def port_is_free(port):
    """Say whether the port can be listened on here."""
    with socket.socket() as probe:
        # As the server does it, so that connections that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port):
    """Refuse a taken port and name one that is free."""
    if port_is_free(port):
        return
    other = next((p for p in range(port + 1, min(port + 50, 65536)) if port_is_free(p)), free_port())
    fail(
        "Port {0} ist belegt. Vielleicht läuft Charta schon: http://127.0.0.1:{0}\n"
        "Sonst einen anderen Port wählen: python3 run.py --port {1}".format(port, other),
        "port {0} is taken. Perhaps Charta is running already: http://127.0.0.1:{0}\n"
        "Otherwise choose another port: python3 run.py --port {1}".format(port, other),
    )


def data_environment(folder):
    """Return the environment of the application with its data folder, made when missing."""
    folder = os.path.abspath(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fail(
            "In den Datenordner {} kann nicht geschrieben werden ({}).".format(folder, error.strerror),
            "the data folder {} cannot be written ({}).".format(folder, error.strerror),
        )
    return dict(os.environ, CHARTA_DATA_DIR=folder)


def serve_command(port, empty):
    """Return the command that starts the server."""
    return [in_venv("charta"), "serve", "--embedded", "--port", str(port)] + ([] if empty else ["--demo"])


def announce(port, empty):
    """Print the address and who can sign in; the server's own lines follow when it answers."""
    say("\n  Charta:  http://127.0.0.1:{}      (Ende / stop: Ctrl-C)".format(port))
    if not empty:
        say("\n  Demonstration, Passwort für alle / password of all: {}".format(DEMONSTRATION_PASSWORD))
        for words, accounts in DEMONSTRATION_ACCOUNTS:
            say("    {:34} {}".format(words, accounts))
        say("\n  Forum zum Ausprobieren / forum to try: http://127.0.0.1:{}/f/DEMO24".format(port))
    say("")


def start(options):
    """Set up what is missing and become the server."""
    check_port(options.port)
    environment = data_environment(options.data)
    prepare()
    announce(options.port, options.empty)
    command = serve_command(options.port, options.empty)
    if os.name == "nt":
        raise SystemExit(run(command, env=environment))
    # Replacing this process hands Ctrl-C and the service manager's signals straight to the server.
    os.chdir(ROOT)
    os.execve(command[0], command, environment)


def is_alive(server, address):
    """Wait for the first answer of /healthz; return False when the server gives up before."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address + "/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def stop(server):
    """End the server politely, then firmly."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def smoke():
    """Do the main job end to end over HTTP on a fresh demonstration; return the exit code."""
    prepare()
    port = free_port()
    address = "http://127.0.0.1:{}".format(port)
    failed = []
    with tempfile.TemporaryDirectory(prefix="charta-smoke-") as folder:
        environment = data_environment(folder)
        # The trial runs on its own data and mails nobody, whatever this shell is set up for.
        for name in (
            "DATABASE_URL",
            "BASE_URL",
            "TRUSTED_HOSTS",
            "REVERSE_PROXY",
            "CHARTA_MODE",
            "LOG_FORMAT",
        ):
            environment.pop(name, None)
        environment["MAIL_TRANSPORT"] = "file"
        log = os.path.join(folder, "server.log")
        with open(log, "wb") as output:
            server = subprocess.Popen(
                serve_command(port, empty=False),
                env=environment,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                if not is_alive(server, address):
                    failed.append("start")
                elif run([in_venv("python"), "-m", "charta.smoke", address], env=environment):
                    failed.append("charta.smoke")
                if run([in_venv("charta"), "audit", "verify"], env=environment):
                    failed.append("charta audit verify")
            finally:
                stop(server)
        with open(log, encoding="utf-8", errors="replace") as lines:
            written = lines.read()
    # What went wrong behind the answers, in the worker for example, counts too.
    if " ERROR " in written or "Traceback" in written:
        failed.append("server log")
    if failed:
        say(written)
    say("Smoke: " + ("FEHLER / FAILED: " + ", ".join(failed) if failed else "in Ordnung / ok"))
    return 1 if failed else 0


# ---------------------------------------------------------------------------------------------------- testing


def has_browser():
    """Say whether Chromium and the library that the Playwright driver needs are there."""
    if not find_program("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        return False
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_postgresql():
    """Say whether the server's programs are there (Debian keeps them off the PATH)."""
    return bool(find_program("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"))


def missing_groups():
    """Return the groups of tests that cannot run on this machine, each with what it lacks."""
    missing = {}
    if not has_postgresql():
        missing["postgresql"] = "no PostgreSQL server (initdb)"
    if not has_browser():
        missing["browser"] = "no Chromium or no libatomic1"
    if not find_program("node", "nodejs"):
        missing["node"] = "no node"
    if not find_program("soffice", "libreoffice"):
        missing["libreoffice"] = "no LibreOffice"
    return missing


def install_system_packages():
    """Install what the full suite needs from Debian's packages; root only."""
    if not find_program("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        fail(
            "--system braucht Debian oder Ubuntu und root.",
            "--system needs Debian or Ubuntu, and root.",
        )
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # Without a network the packages may still be there already: the next command decides.
    run(["apt-get", "update"], env=environment)
    command = APT_LINE.split() + ([] if find_program("node", "nodejs") else ["nodejs"])
    if run(command, env=environment) != 0:
        say("FEHLER / ERROR: " + " ".join(command))


def check_commands():
    """Return the checkers, each with its command."""
    return [
        ("ruff", [in_venv("ruff"), "check", "--output-format", "concise", "."]),
        ("mypy", [in_venv("mypy")]),
        ("import contract", [in_venv("lint-imports"), "--no-logo"]),
        ("dependencies", [in_venv("deptry"), "."]),
        ("templates", [in_venv("djlint"), "--lint", "--quiet", os.path.join(ROOT, "templates")]),
        ("reuse", [in_venv("reuse"), "lint", "--lines"]),
    ]


def run_checks():
    """Run the checkers; return the names of those that found something."""
    failed = []
    for name, command in check_commands():
        began = time.monotonic()
        code, output = capture(command)
        verdict = "FAILED" if code else "ok"
        say("{:18} {}  ({:.1f} s)".format(name, verdict, time.monotonic() - began))
        if code:
            failed.append(name)
            say(output)
    return failed


def run_node():
    """Parse every script as a module; return the names of those that do not."""
    node = find_program("node", "nodejs")
    failed = []
    for script in sorted(glob.glob(os.path.join(ROOT, "static", "js", "**", "*.js"), recursive=True)):
        with open(script, "rb") as file:
            code = run([node, "--input-type=module", "--check", "-"], stdin=file)
        if code:
            failed.append(os.path.relpath(script, ROOT))
    say("{:18} {}".format("node --check", "FAILED: " + ", ".join(failed) if failed else "ok"))
    return failed


def pytest_command(arguments, missing, report):
    """Return the one pytest call of the whole run."""
    command = [in_venv("python"), "-m", "pytest", "--junitxml", report]
    # One file stays in one process: its server, browser and database are started once.
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        workers = max(2, min(4, os.cpu_count() or 2))
        # In the order of the files: else the walk of axe, one long test in a file, comes last and alone.
        command += ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    own_selection = any(argument.startswith("-m") for argument in arguments)
    if missing and not own_selection:
        command += ["-m", " and ".join("not " + group for group in sorted(missing))]
    return command + list(arguments)


def count_skipped(report):
    """Return the skipped tests of a report, each with its reason."""
    return [
        "{}::{}: {}".format(case.get("classname"), case.get("name"), mark.get("message"))
        for case in xml.etree.ElementTree.parse(report).iter("testcase")
        for mark in case.iter("skipped")
        if mark.get("type") != "pytest.xfail"
    ]


def test(options):
    """Run the checks and the tests; return the exit code."""
    if options.system:
        install_system_packages()
    prepare("test")
    require_all = options.require == "all"
    missing = missing_groups()
    failed = []
    # With arguments for pytest somebody is looking at one thing: the checkers would only be in the way.
    if not options.arguments:
        failed += run_checks()
        if "node" not in missing:
            failed += run_node()
    os.makedirs(os.path.join(ROOT, ".pytest_cache"), exist_ok=True)
    report = os.path.join(ROOT, ".pytest_cache", "charta-junit.xml")
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    if run(pytest_command(options.arguments, missing, report), env=environment):
        failed.append("pytest")
    skipped = count_skipped(report) if os.path.exists(report) else []
    report_skipped(missing, skipped)
    if require_all and (missing or skipped):
        failed.append("--require all: something was skipped")
    if failed:
        say("FAILED: " + ", ".join(failed))
    return 1 if failed else 0


def report_skipped(missing, skipped):
    """Name the groups that did not run and the line that installs what they need."""
    for line in skipped:
        say("skipped: " + line)
    if not missing:
        say("Alle Testgruppen liefen. / No group of tests was left out.")
        return
    say("Nicht gelaufen / groups left out:")
    for group, reason in sorted(missing.items()):
        say("  {:12} {}".format(group, reason))
    say("Alles Nötige installiert / everything they need:")
    say("  " + APT_LINE + (" nodejs" if "node" in missing else ""))


# --------------------------------------------------------------------------------------------------- the call


def port_number(text):
    """Parse a port, refusing what cannot be one."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError("1 … 65535")
    return port


def parse(arguments):
    """Parse the command line; what pytest should get comes after `test`."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        allow_abbrev=False,
        description="Charta einrichten und starten. / Set up and start Charta.",
        epilog="python3 run.py test [--require all] [--system] [pytest …]: alle Tests / all tests",
    )
    if arguments[:1] == ["test"]:
        parser = argparse.ArgumentParser(
            prog="run.py test",
            allow_abbrev=False,
            description="Alle Prüfungen und Tests ausführen. / Run all checks and tests.",
            epilog="Alles Weitere bekommt pytest, dann ohne die anderen Prüfungen. / "
            "Anything else goes to pytest, then without the other checks.",
        )
        parser.add_argument(
            "--require", choices=["all"], help="Übersprungenes ist ein Fehler / what was skipped is a failure"
        )
        parser.add_argument(
            "--system", action="store_true", help="Debian-Pakete einspielen (root) / install Debian packages"
        )
        options, rest = parser.parse_known_args(arguments[1:])
        options.command, options.arguments = "test", rest
        return options
    parser.add_argument("--port", type=port_number, default=DEFAULT_PORT, help="Port (8080)")
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=os.environ.get("CHARTA_DATA_DIR") or os.path.join(ROOT, "instance"),
        help="Datenordner / data folder (CHARTA_DATA_DIR, instance/)",
    )
    parser.add_argument("--empty", action="store_true", help="ohne Demonstration / without the demonstration")
    parser.add_argument("--smoke", action="store_true", help="Probelauf über HTTP / trial run over HTTP")
    options = parser.parse_args(arguments)
    options.command = "smoke" if options.smoke else "start"
    return options


def main(arguments):
    """Do what the command line asks for; return the exit code."""
    check_python(sys.version_info)
    options = parse(arguments)
    if options.command == "test":
        return test(options)
    if options.command == "smoke":
        return smoke()
    return start(options)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
