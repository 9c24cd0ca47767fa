"""cmcctl completion: the scripts load, and complete what the program really has."""

import os
import re
import shutil
import subprocess
import tempfile

from _run import PROGRAM, Checks, cmcctl

checks = Checks()


def script(shell):
    result = cmcctl("completion", shell)
    checks.equal((result.returncode, result.stderr), (0, ""), f"completion {shell}")
    return result.stdout


def verbs():
    """The commands as --help lists them."""
    listed = cmcctl("--help").stdout.split("Subcommands:")[1]
    return re.findall(r"^  (\S+)", listed, re.MULTILINE)


def bash(line_words):
    """What bash offers for the last of `line_words`."""
    quoted = " ".join("'" + word + "'" for word in line_words)
    commands = f"""
source /dev/stdin <<'END_OF_SCRIPT'
{script("bash")}
END_OF_SCRIPT
complete -p cmcctl >&2
COMP_WORDS=({quoted})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_cmcctl
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    result = subprocess.run(["bash", "--norc", "-c", commands], capture_output=True, text=True, timeout=60)
    checks.equal(result.returncode, 0, f"bash: {result.stderr}")
    checks.contains(result.stderr, "-F _cmcctl cmcctl", "complete -p")
    return result.stdout.split()


def bash_completes():
    checks.equal(sorted(bash(["cmcctl", ""])), sorted(verbs()), "all commands")
    checks.equal(bash(["cmcctl", "expl"]), ["explain"], "beginning of a command")
    checks.contains(bash(["cmcctl", "explain", "--"]), "--json", "options of a command")
    checks.contains(bash(["cmcctl", "explain", "--"]), "--color", "global options after a command")
    checks.contains(bash(["cmcctl", "-"]), "--version", "global options")
    checks.equal(bash(["cmcctl", "completion", ""]), ["bash", "zsh", "fish"], "choices of an argument")
    checks.equal(bash(["cmcctl", "--color", "a"]), ["auto", "always"], "choices of an option")
    checks.equal(bash(["cmcctl", "--color", "="]), ["auto", "always", "never"], "choices after =")
    checks.equal(bash(["cmcctl", "doctor", "--color", "=", "n"]), ["never"], "beginning of a choice after =")
    checks.equal(bash(["cmcctl", "--color", "never", "doct"]), ["doctor"], "command after an option with a value")
    checks.equal(bash(["cmcctl", "--config", "doctor", "expl"]), ["explain"], "a value is no command")
    checks.equal(bash(["cmcctl", "--config", ""]), [], "left to bash: files")
    checks.contains(script("bash"), "complete -o default", "files by default")


def shell_or_skip(name):
    found = shutil.which(name)
    if not found:
        print(f"{name} is not installed: its script is only printed, not loaded")
    return found


def zsh_completes():
    zsh = shell_or_skip("zsh")
    text = script("zsh")
    for verb in verbs():
        checks.contains(text, f"'{verb}:", f"zsh offers {verb}")
    if not zsh:
        return
    result = subprocess.run([zsh, "-f", "-n"], input=text, capture_output=True, text=True, timeout=60)
    checks.equal((result.returncode, result.stderr), (0, ""), "zsh syntax")
    # The functions of zsh's completion are replaced by ones that print what they get.
    commands = text + """
_describe() { [[ $1 == -o ]] && shift; print -l -- ${(P)2} }
_files() { print files }
compset() { }
compadd() { shift; print -l -- "$@" }
ask() { words=("$@"); CURRENT=$#words; PREFIX=$words[-1]; _cmcctl; print --; }
ask cmcctl ''
ask cmcctl explain --
ask cmcctl completion ''
ask cmcctl --color ''
ask cmcctl --config ''
ask cmcctl --color=
ls / > /dev/null || print PATH is gone
"""
    commands = "compdef() { }\n" + commands
    result = subprocess.run([zsh, "-f", "-c", commands], capture_output=True, text=True, timeout=60)
    checks.equal((result.returncode, result.stderr), (0, ""), "zsh runs the script")
    text = result.stdout
    for part in ["explain:Say what", "--json:Answer in JSON", "\nzsh\n", "\nalways\n", "files\n"]:
        checks.contains(text, part, "zsh offers")
    checks.that("PATH is gone" not in text, "zsh keeps its PATH")
    checks.equal(text.count("\nnever\n"), 2, "choices of --color, with a blank and with =")


def fish_completes():
    fish = shell_or_skip("fish")
    text = script("fish")
    for verb in verbs():
        checks.contains(text, f"-a {verb} ", f"fish offers {verb}")
    if not fish:
        return
    with tempfile.TemporaryDirectory() as home:
        def ask(line):
            commands = os.path.join(home, "commands.fish")  # too long for an argument
            with open(commands, "w", encoding="utf-8") as file:
                file.write(text + f"\ncomplete -C '{line}'\n")
            environment = {**os.environ, "HOME": home, "PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"]}
            result = subprocess.run([fish, "--no-config", commands], capture_output=True, text=True, timeout=60, cwd=home,
                                    env=environment)
            checks.equal((result.returncode, result.stderr), (0, ""), f"fish completes {line}")
            return [entry.split("\t")[0] for entry in result.stdout.splitlines()]

        checks.equal(sorted(ask("cmcctl ")), sorted(verbs()), "fish: all commands")
        checks.contains(ask("cmcctl explain --"), "--json", "fish: options of a command")
        checks.equal(sorted(ask("cmcctl completion ")), ["bash", "fish", "zsh"], "fish: choices of an argument")
        checks.equal(sorted(ask("cmcctl --color ")), ["always", "auto", "never"], "fish: choices of an option")
        checks.equal(ask("cmcctl --config doctor expl"), ["explain"], "fish: a value is no command")


def every_option_is_there():
    text = script("bash")
    for verb in verbs():
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", cmcctl(verb, "--help").stdout))
        block = text.split(f"'cmcctl {verb}')\n")[1].split(";;")[0]
        for option in options:
            checks.contains(block, option, f"options of {verb}")


bash_completes()
zsh_completes()
fish_completes()
every_option_is_there()
checks.equal(cmcctl("completion", "tcsh").returncode, 2, "unknown shell")
checks.finish()
