#!/bin/bash
# Runs INSIDE the chroot after ca-config.sh. Adds a KRA, which archives keys, to the Tomcat of the CA. Idempotent.
set -e
. /root/instance.sh
C=/root/ca-client
cd /root/ca-conf
if [ ! -f /etc/pki/pki-tomcat/kra/CS.cfg ]; then
  instance_settings > kra.cfg
  cat >> kra.cfg <<X
pki_security_domain_hostname=localhost
pki_security_domain_user=caadmin
pki_security_domain_password=$PW
[KRA]
pki_admin_cert_file=/root/.dogtag/client/ca_admin.cert
pki_admin_email=kraadmin@example.com
pki_admin_name=kraadmin
pki_admin_nickname=caadmin
pki_admin_uid=kraadmin
pki_ds_base_dn=dc=kra,dc=pki,dc=example,dc=com
pki_ds_database=kra
pki_storage_nickname=kra_storage
pki_transport_nickname=kra_transport
pki_audit_signing_nickname=kra_audit_signing
pki_sslserver_nickname=sslserver
pki_subsystem_nickname=subsystem
X
  pkispawn -f kra.cfg -s KRA -v > pkispawn-kra.log 2>&1 || { tail -30 pkispawn-kra.log; exit 1; }
fi
certutil -L -d /etc/pki/pki-tomcat/alias -n kra_transport -a > $C/transport.pem
echo KRA-CREATED
