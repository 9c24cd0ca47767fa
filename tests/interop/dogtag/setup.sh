#!/usr/bin/env bash
# setup.sh FOLDER: a Debian 11 in FOLDER with Dogtag 10.10 as CA and KRA, of Debian's packages, on 127.0.0.1 only. Takes about
# six minutes and 1.3 GB the first time, seconds when it is there. Needs root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DOGTAG_CHROOT=$1
root=$1

mirror() {
  # shellcheck disable=SC2016  # apt's fields, not ours
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 -E '/debian/?$'
}

inside() { "$here/chroot.sh" "$@"; }

if [[ ! -x $root/usr/bin/apt-get ]]; then
  command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap
  debootstrap --variant=minbase --arch=amd64 bullseye "$root" "$(mirror)"
fi
# No service starts by itself, and nothing is unpacked that nobody reads here.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
apt-config dump | grep -E '^Acquire::(https?|ftp)::(Proxy|CAInfo)' >"$root/etc/apt/apt.conf.d/80host" || true
cp /etc/hosts "$root/etc/hosts"
echo "deb $(mirror) bullseye main" >"$root/etc/apt/sources.list"
printf 'path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\npath-exclude /usr/share/locale/*\n' \
  >"$root/etc/dpkg/dpkg.cfg.d/01nodoc"
mkdir -p "$root/usr/share/man/man1" # openjdk's postinst wants it
if [[ ! -x $root/usr/sbin/pkispawn || ! -x $root/usr/bin/CMCRequest || ! -d $root/usr/share/pki/kra ]]; then
  inside apt-get update -q
  inside apt-get install -y -q --no-install-recommends pki-tools pki-ca pki-kra 389-ds-base libnss3-tools openssl \
    ca-certificates python3-ldap ldap-utils procps curl iproute2
fi
cp "$here"/{instance,ca-create,ca-config,kra-create}.sh "$root/root/"
install -m 755 "$here/systemctl-shim" "$root/usr/local/bin/systemctl"
inside bash /root/ca-create.sh
inside bash /root/ca-config.sh
inside bash /root/kra-create.sh
